import type { CustomFetch } from "openid-client";
import type { OutboundInit, OutboundRefusal } from "../ports/outbound.ts";

type Guard = { readonly fetch: (url: string | URL, init?: OutboundInit) => Promise<Response> };

/** Bytes of an answer: metadata, keys and tokens are a few thousand. */
const ANSWER_BYTES_MAX = 256 * 1024;
/** A person waits for it. */
const ANSWER_MS_MAX = 8_000;

/** Every request of the library by way of the guard. */
export function guardedFetch({ fetch }: Guard): CustomFetch {
  return (url, { method, headers, body, signal }) =>
    fetch(url, {
      method: method === "POST" ? "POST" : "GET",
      headers: Object.fromEntries(Object.entries(headers)),
      ...(body === undefined || body === null ? {} : { body: bodyOf(body) }),
      ...(signal === undefined ? {} : { signal }),
      bytesMax: ANSWER_BYTES_MAX,
      timeoutMs: ANSWER_MS_MAX,
    });
}

function bodyOf(body: unknown): string | Uint8Array {
  return body instanceof Uint8Array ? body : String(body);
}

/** What the guard said, wherever the library put it. */
export function guardRefusal(thrown: unknown): OutboundRefusal | undefined {
  for (let at = thrown, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ("_tag" in at && at._tag === "OutboundError" && "refusal" in at) {
      return at.refusal as OutboundRefusal;
    }
  }
  return undefined;
}
