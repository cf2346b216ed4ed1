import { Problem } from "./problem.ts";
import { parseStrictJson } from "./strict-json.ts";

/** Bytes of a request body at most: an entry holds 65,535, and no request of ours needs more. */
export const BODY_BYTES_MAX = 64 * 1024;

/** RFC 8259 section 8.1: JSON between systems is UTF-8; no other charset is read. */
const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/**
 * Reads the whole body, stopping at the limit while it streams in.
 *
 * Errors: throws `Problem` body_too_large.
 */
export async function readBytes(request: Request, bytesMax: number): Promise<Uint8Array> {
  const tooLarge = () => new Problem({ status: 413, code: "body_too_large" });
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) throw tooLarge();
  if (request.body === null) return new Uint8Array();
  const chunks: Array<Uint8Array> = [];
  let bytes = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    if (bytes > bytesMax) {
      await reader.cancel().catch(() => undefined);
      throw tooLarge();
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/**
 * The body as JSON; undefined when there is none.
 *
 * Errors: throws `Problem` unsupported_media_type, malformed_json, and `parseStrictJson`'s.
 */
export function parseBody(bytes: Uint8Array, contentType: string | null): unknown {
  if (contentType !== null && !JSON_TYPE.test(contentType.trim())) {
    throw new Problem({ status: 415, code: "unsupported_media_type" });
  }
  if (bytes.byteLength === 0) return undefined;
  if (contentType === null) throw new Problem({ status: 415, code: "unsupported_media_type" });
  return parseStrictJson(decode(bytes));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Problem({ status: 400, code: "malformed_json" });
  }
}
