import { IssuerError } from "../ports/openid-issuers.ts";
import { guardRefusal } from "./guarded-fetch.ts";

/** What an authorization response says when a person, or the issuer for them, does not want to. */
const DENIED: ReadonlySet<string> = new Set([
  "access_denied",
  "login_required",
  "consent_required",
  "interaction_required",
  "account_selection_required",
]);

/** Codes of the library that say that the issuer did not answer as one does. */
const UNAVAILABLE: ReadonlySet<string> = new Set([
  "OAUTH_TIMEOUT",
  "OAUTH_ABORT",
  "OAUTH_RESPONSE_IS_NOT_CONFORM",
  "OAUTH_RESPONSE_IS_NOT_JSON",
  "OAUTH_PARSE_ERROR",
  "OAUTH_MISSING_SERVER_METADATA",
  "OAUTH_INVALID_SERVER_METADATA",
  "OAUTH_HTTP_REQUEST_FORBIDDEN",
  "OAUTH_REQUEST_PROTOCOL_FORBIDDEN",
]);

/** A code as the library has it: upper-case words, or an error of RFC 6749. */
const CODE = /^[A-Za-z_]{1,64}$/;

/** What a failure of the library means to whoever wanted in; never its message. */
export function errorOf(thrown: unknown): IssuerError {
  const guard = guardRefusal(thrown);
  if (guard !== undefined) return new IssuerError({ refusal: "unavailable", code: guard });
  const { error, code } = (thrown ?? {}) as { readonly error?: unknown; readonly code?: unknown };
  if (typeof error === "string") {
    // The library has both kinds: an answer to the browser has no HTTP status of its own.
    const toBrowser = !("status" in (thrown as object));
    if (toBrowser && DENIED.has(error)) return made("denied", error);
    return made(error === "invalid_grant" ? "mismatch" : "unavailable", error);
  }
  if (typeof code !== "string") return made("unavailable", undefined);
  return made(UNAVAILABLE.has(code) ? "unavailable" : "mismatch", code);
}

function made(refusal: IssuerError["refusal"], code: string | undefined): IssuerError {
  const said = code !== undefined && CODE.test(code) ? { code } : {};
  return new IssuerError({ refusal, ...said });
}
