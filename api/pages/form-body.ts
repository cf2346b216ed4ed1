import { Problem } from "../http/problem.ts";

/** What a form sent: each name once. */
export type Fields = Readonly<Record<string, string>>;

const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/**
 * The fields of a form that a browser sent, without those left empty.
 *
 * Errors: throws `Problem` unsupported_media_type, malformed_form, duplicate_field.
 * Source: WHATWG URL, 5.1 (application/x-www-form-urlencoded parsing).
 */
export function parseForm(bytes: Uint8Array, contentType: string | null): Fields {
  if (contentType === null || !FORM_TYPE.test(contentType.trim())) {
    throw new Problem({ status: 415, code: "unsupported_media_type" });
  }
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(decode(bytes))) {
    if (fields.has(name)) throw new Problem({ status: 400, code: "duplicate_field", field: name });
    fields.set(name, value);
  }
  const filled = [...fields].filter(([name, value]) => value !== "" && name !== "__proto__");
  return Object.fromEntries(filled);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Problem({ status: 400, code: "malformed_form" });
  }
}
