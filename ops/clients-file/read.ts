import { readFileSync } from "node:fs";
import type * as Redacted from "effect/Redacted";
import { PREVIEW_MS_MAX, wholeMetadata } from "../../api/clients/client-body.ts";
import { Problem } from "../../api/http/problem.ts";
import { parseStrictJson } from "../../api/http/strict-json.ts";
import { type ClientMetadata, type ClientType, client } from "../../domain/client/mod.ts";
import { resourceServer, type Scope, spelled } from "../../domain/resource-server/mod.ts";
import type { Config } from "../config.ts";
import { UsageError } from "../usage-error.ts";
import { mistakesOf } from "./mistakes.ts";
import {
  ClientEntry,
  ClientsFile,
  RemovedClient,
  RemovedResourceServer,
  ResourceServerEntry,
} from "./schema.ts";
import { secretsOf } from "./secrets.ts";

/** A secret of the file's, and the variable that has it. */
export type FileSecret = { readonly variable: string; readonly value: Redacted.Redacted<string> };

/** An application as it is to be; `at` is its place in the file. */
export type WantedClient =
  | { readonly at: string; readonly clientId: string; readonly removed: true }
  | {
      readonly at: string;
      readonly clientId: string;
      readonly removed: false;
      readonly kind: ClientType;
      readonly metadata: ClientMetadata;
      /** Undefined: the file does not say. */
      readonly disabled: boolean | undefined;
      /** Undefined: the API issues them. */
      readonly secrets: ReadonlyArray<FileSecret> | undefined;
    };

export type WantedApi =
  | { readonly at: string; readonly audience: string; readonly removed: true }
  | {
      readonly at: string;
      readonly audience: string;
      readonly removed: false;
      readonly name: string;
      readonly scopes: ReadonlyArray<Scope>;
    };

export type Wanted = {
  readonly clients: ReadonlyArray<WantedClient>;
  readonly apis: ReadonlyArray<WantedApi>;
};

const NOTHING: Wanted = { clients: [], apis: [] };

/** What stands in the file of clients: everything about it that can be known without a store. */
type Reading = Pick<Config, "clientsFile" | "url">;

/**
 * Reads the file of clients and resource servers.
 *
 * Errors: throws a UsageError with one line for each mistake, by its path inside the file; never
 * with a secret.
 */
export const clientsFile = ({ clientsFile: file, url }: Reading): Wanted => {
  if (file === undefined) return NOTHING;
  const parsed = ClientsFile.safeParse(contentOf(file.path));
  const lines: Array<string> = [];
  const clients: Array<WantedClient> = [];
  const apis: Array<WantedApi> = [];
  if (!parsed.success) lines.push(...mistakesOf(parsed.error, ""));
  const said = parsed.data ?? {};
  for (const [index, entry] of (said.resourceServers ?? []).entries()) {
    const read = apiOf(entry, { at: `resourceServers[${index}]`, url });
    if (Array.isArray(read)) lines.push(...read);
    else apis.push(read as WantedApi);
  }
  for (const [index, entry] of (said.clients ?? []).entries()) {
    const read = clientOf(entry, { at: `clients[${index}]`, file });
    if (Array.isArray(read)) lines.push(...read);
    else clients.push(read as WantedClient);
  }
  lines.push(
    ...twice(clients, ({ clientId }) => clientId, "clientId"),
    ...twice(apis, ({ audience }) => spelled(audience), "audience"),
  );
  if (lines.length > 0) throw fileMistakes(file.path, lines);
  return { clients, apis };
};

/** Mistakes as the operator reads them: which file, where in it, what was wanted. */
export const fileMistakes = (path: string, lines: ReadonlyArray<string>): UsageError =>
  new UsageError({ lines: lines.map((line) => `Cannot use AUTHLEDGER_CLIENTS ${path}: ${line}`) });

const contentOf = (path: string): unknown => {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw fileMistakes(path, [missing ? "the file does not exist" : "the file cannot be read"]);
  }
  try {
    return parseStrictJson(text);
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
    const { code, field } = cause;
    const why = code === "duplicate_field" ? `${field} is there twice` : "expected JSON";
    throw fileMistakes(path, [why]);
  }
};

type Entry = Readonly<Record<string, unknown>>;

const apiOf = (
  entry: Entry,
  { at, url }: { readonly at: string; readonly url: string },
): WantedApi | Array<string> => {
  if ("removed" in entry) {
    const { data, error } = RemovedResourceServer.safeParse(entry);
    return data === undefined ? mistakesOf(error, at) : { at, ...data };
  }
  const { data, error } = ResourceServerEntry.safeParse(entry);
  if (data === undefined) return mistakesOf(error, at, ResourceServerEntry);
  const { audience, name, scopes = [] } = data;
  if (spelled(audience) === spelled(url)) {
    return [`${at}.audience: expected an API other than this server's own`];
  }
  const command = { type: "RegisterResourceServer", audience, name, scopes } as const;
  switch (resourceServer.decide(command, resourceServer.initial).outcome) {
    case "invalid_audience":
      return [`${at}.audience: expected an absolute URI without a fragment`];
    case "invalid_scope":
      return [`${at}.scopes: expected names that a token can say, each once, none of OpenID's`];
    default:
      return { at, removed: false, audience, name, scopes };
  }
};

type Place = { readonly at: string; readonly file: NonNullable<Config["clientsFile"]> };

const clientOf = (entry: Entry, { at, file }: Place): WantedClient | Array<string> => {
  if ("removed" in entry) {
    const { data, error } = RemovedClient.safeParse(entry);
    return data === undefined ? mistakesOf(error, at) : { at, ...data };
  }
  const { data, error } = ClientEntry.safeParse(entry);
  if (data === undefined) return mistakesOf(error, at, ClientEntry);
  const { clientId, secretFrom, disabled, ...said } = data;
  const previews = previewsOf(said.previewRedirectUris ?? []);
  if (previews === undefined) {
    return [`${at}.previewRedirectUris: expected an end within 90 days`];
  }
  const kind = said.type;
  const metadata = wholeMetadata(said, previews);
  const command = { type: "RegisterClient", kind, metadata, trusting: true } as const;
  const { outcome } = client.decide(command, client.initial);
  if (outcome.type === "misfit") {
    return [`${at}.${outcome.member}: does not fit an application of type "${kind}"`];
  }
  const secrets = secretsOf(secretFrom, { at, file, metadata });
  if ("mistakes" in secrets) return secrets.mistakes;
  return { at, clientId, removed: false, kind, metadata, disabled, secrets: secrets.secrets };
};

/** With times as events have them; one that is over stays as it is, and lets nobody in. */
const previewsOf = (previews: ClientMetadata["previewRedirectUris"]) => {
  const latestMs = Date.now() + PREVIEW_MS_MAX;
  if (previews.some(({ expiresAt }) => Date.parse(expiresAt) > latestMs)) return undefined;
  return previews.map(({ uri, expiresAt }) => ({
    uri,
    expiresAt: new Date(expiresAt).toISOString(),
  }));
};

const twice = <T extends { readonly at: string }>(
  entries: ReadonlyArray<T>,
  nameOf: (entry: T) => string,
  member: string,
): ReadonlyArray<string> => {
  const seen = new Map<string, string>();
  return entries.flatMap((entry) => {
    const before = seen.get(nameOf(entry));
    seen.set(nameOf(entry), before ?? entry.at);
    return before === undefined ? [] : [`${entry.at}.${member}: ${before} has it already`];
  });
};
