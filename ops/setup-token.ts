import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import * as Redacted from "effect/Redacted";
import type { TokenPlace } from "../api/setup/setup-token.ts";
import type { Config } from "./config.ts";
import { readOrCreatePrivateFile, readPrivateFile } from "./private-file.ts";

/** Beyond guessing: 256 bits. */
const TOKEN_BYTES = 32;
/** The file of the token, under the data folder. */
export const SETUP_TOKEN_FILE = "setup-token";

/** What proves that whoever sets the server up owns the server. */
export type SetupToken = {
  /** Makes sure that there is one; call it while the server has no architect. */
  readonly prepare: () => Redacted.Redacted<string>;
  /** In constant time; always false once retired, also when the variable is still set. */
  readonly matches: (candidate: string) => boolean;
  /** After set-up: the file goes, here and for every process that shares the folder. */
  readonly retire: () => void;
  readonly where: TokenPlace;
};

/**
 * The token of this installation: the variable's, else a random one in the data folder, where
 * every process that shares the folder finds the same.
 *
 * Limits: processes on several machines share no folder, so they need the variable; and whether
 * set-up is done is the ledger's to say, the token only proves who asks.
 */
export const setupToken = (
  config: Pick<Config, "dataFolder" | "setupToken" | "store">,
): SetupToken => {
  const path = join(config.dataFolder, SETUP_TOKEN_FILE);
  const random = () => randomBytes(TOKEN_BYTES).toString("base64url");
  const inMemory = config.store.kind === "memory" ? Redacted.make(random()) : undefined;
  const given = config.setupToken ?? inMemory;
  let retired = false;
  const current = (): string | undefined => {
    if (retired) return undefined;
    return given === undefined ? readPrivateFile(path) : Redacted.value(given);
  };
  return {
    where: placeOf(config, path),
    prepare: () => given ?? Redacted.make(readOrCreatePrivateFile(path, random)),
    matches: (candidate) => {
      const expected = current();
      return expected !== undefined && sameText(candidate, expected);
    },
    retire: () => {
      retired = true;
      rmSync(path, { force: true });
    },
  };
};

/** The file as somebody types it who started the server: from its folder where that is shorter. */
const placeOf = (
  { setupToken: token, store }: Pick<Config, "setupToken" | "store">,
  path: string,
): TokenPlace => {
  if (token !== undefined) return { kind: "environment" };
  if (store.kind === "memory") return { kind: "terminal" };
  const near = relative(process.cwd(), path);
  return { kind: "file", path: near.startsWith("..") ? path : near };
};

/** Tells the person at the terminal how to set up; never where output is kept, as in a log. */
export const showSetupToken = (
  terminal: { readonly isTTY?: boolean; readonly write: (text: string) => unknown },
  shown: {
    readonly url: string;
    readonly token: Redacted.Redacted<string>;
    /** Whether there is a page for it. */
    readonly pages?: boolean;
  },
): void => {
  if (terminal.isTTY !== true) return;
  const body = {
    token: Redacted.value(shown.token),
    email: "you@example.com",
    password: "at least 8 characters",
  };
  terminal.write(
    [
      "",
      "  Become the first architect, the owner of this server:",
      "",
      ...(shown.pages === true
        ? [`  ${shown.url}/setup with the token ${body.token}`, "", "  or by hand:", ""]
        : []),
      `  curl ${shown.url}/v1/setup -c cookies -H 'content-type: application/json' \\`,
      `    -d '${JSON.stringify(body)}'`,
      "",
      "  The file `cookies` then signs you in: curl -b cookies …",
      `  Every route: ${shown.url}/openapi.json`,
      "",
      "",
    ].join("\n"),
  );
};

/** Compares digests, so that neither length nor first difference shows in the time it takes. */
const sameText = (left: string, right: string): boolean =>
  timingSafeEqual(digest(left), digest(right));

const digest = (text: string) => createHash("sha256").update(text).digest();
