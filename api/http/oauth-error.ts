import type { ProblemFields } from "./problem.ts";

/** Codes that OAuth itself has, which a handler refuses with; they are said as they are. */
const OWN = new Set([
  "invalid_client_metadata",
  "invalid_redirect_uri",
  "invalid_token",
  "invalid_request",
  "access_denied",
]);

/** What anything else that was refused is called where clients speak OAuth. */
function errorOf({ status, code }: ProblemFields): string {
  if (OWN.has(code)) return code;
  if (status === 401) return "invalid_token";
  if (status === 403) return "access_denied";
  if (status === 429 || status === 503) return "temporarily_unavailable";
  return status >= 500 ? "server_error" : "invalid_request";
}

/**
 * A refusal in OAuth's own shape: `{ error, error_description? }`. Whoever sent no token at all is
 * told no more than that one is wanted.
 *
 * Source: RFC 6749, section 5.2; RFC 6750, section 3; RFC 7591, section 3.2.2.
 */
export function oauthErrorResponse(problem: ProblemFields): Response {
  const { status, code, field, retryAfterMs } = problem;
  const error = errorOf(problem);
  const isAsked = code === "unauthenticated";
  const description = field === undefined ? {} : { error_description: `not acceptable: ${field}` };
  const headers = new Headers({ "content-type": "application/json", pragma: "no-cache" });
  if (retryAfterMs !== undefined) {
    headers.set("retry-after", String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  }
  if (status === 401) {
    headers.set(
      "www-authenticate",
      `Bearer realm="authledger"${isAsked ? "" : `, error="${error}"`}`,
    );
  }
  return new Response(JSON.stringify({ error, ...description }), { status, headers });
}
