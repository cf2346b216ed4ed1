import type { IncomingMessage, ServerResponse } from "node:http";

/** What may also come as a form from a page of another site. */
const PATHS = ["/oauth2/authorize", "/oauth2/logout"];
/** It goes on as an address, for which headers have room in all (`HEADER_BYTES_MAX`). */
const FORM_BYTES_MAX = 8 * 1024;

/** Whether a request is one that its browser is to make anew as an address. */
export function isPosted({ method }: IncomingMessage, path: string): boolean {
  return method === "POST" && PATHS.includes(path);
}

/**
 * Sends a browser that posts a request of the front channel on to the same by GET: with a form from
 * another site it does not send our cookies, which are `SameSite=Lax`, and with an address it does.
 * 413 for more than an address holds, 415 for what is no form.
 *
 * Source: OpenID Connect Core 1.0, section 3.1.2.1; RP-Initiated Logout 1.0, section 2.
 */
export async function redirectPosted(
  incoming: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const type = (incoming.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") return refuse(response, 415);
  const parts: Array<Buffer> = [];
  let length = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > FORM_BYTES_MAX) return refuse(response, 413);
    parts.push(part);
  }
  const query = new URLSearchParams(Buffer.concat(parts).toString("utf8"));
  response.statusCode = 303;
  response.setHeader("location", `${path}?${query}`);
  response.setHeader("cache-control", "no-store");
  response.end();
}

function refuse(response: ServerResponse, status: 413 | 415): void {
  response.statusCode = status;
  // What is left of the form is not read.
  response.setHeader("connection", "close");
  response.end();
}
