import type { ServerResponse } from "node:http";

/** Nothing more is said: RFC 6749, section 5.2, in the form of the others. */
export const UNAVAILABLE = { error: "temporarily_unavailable" };
/** What was away is often back by then. */
const RETRY_AFTER_SECONDS = 2;

/** Says that it may be right in a moment; no detail of ours. */
export function refuse(response: ServerResponse): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  response.statusCode = 503;
  response.setHeader("content-type", "application/json");
  response.setHeader("retry-after", String(RETRY_AFTER_SECONDS));
  response.end(JSON.stringify(UNAVAILABLE));
}
