import * as Redacted from "effect/Redacted";
import type { ClientMetadata } from "../../domain/client/mod.ts";
import type { Config } from "../config.ts";
import type { FileSecret } from "./read.ts";

/**
 * Characters of a secret that somebody else made: it is kept by a fast digest, so it must be one
 * that nobody guesses, 128 bits even in hexadecimal.
 */
const SECRET_CHARACTERS_MIN = 32;
/** RFC 6749, appendix A.2, without what a shell or a header would change. */
const SECRET = new RegExp(`^[\\x21-\\x7e]{${SECRET_CHARACTERS_MIN},512}$`);

type Place = {
  readonly at: string;
  readonly file: NonNullable<Config["clientsFile"]>;
  readonly metadata: ClientMetadata;
};
type Read =
  | { readonly secrets: ReadonlyArray<FileSecret> | undefined }
  | { readonly mistakes: Array<string> };

/** The secrets that an entry names, from the environment; a mistake never shows one. */
export const secretsOf = (
  secretFrom: string | ReadonlyArray<string> | undefined,
  { at, file, metadata }: Place,
): Read => {
  if (secretFrom === undefined) return { secrets: undefined };
  const { tokenEndpointAuthMethod: method } = metadata;
  if (!method.startsWith("client_secret_")) {
    return { mistakes: [`${at}.secretFrom: an application with ${method} keeps no secret`] };
  }
  const secrets: Array<FileSecret> = [];
  const mistakes: Array<string> = [];
  for (const variable of [secretFrom].flat()) {
    const value = file.secretOf(variable);
    if (value === undefined || !SECRET.test(Redacted.value(value))) {
      mistakes.push(
        `${at}.secretFrom: expected ${variable} to be set, to ${SECRET_CHARACTERS_MIN} ` +
          "characters at least, without a space",
      );
    } else secrets.push({ variable, value });
  }
  return mistakes.length > 0 ? { mistakes } : { secrets };
};
