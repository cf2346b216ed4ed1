import { canonicalJson } from "./canonical.ts";
import type { Entry } from "./entry.ts";

/**
 * The canonical text of an entry; its UTF-8 bytes are the row, the tile entry and the export line.
 *
 * Order: the members stand as RFC 8785 sorts them, written out because every append comes by here.
 */
export function encodeEntry(entry: Entry): string {
  return (
    `{"at":${canonicalJson(entry.at)},"data":${canonicalJson(entry.data)},` +
    `"id":${canonicalJson(entry.id)},"ledger":${canonicalJson(entry.ledger)},` +
    `"meta":${canonicalJson(entry.meta)},"salt":${canonicalJson(entry.salt)},` +
    `"schema":${canonicalJson(entry.schema)},"stream":${canonicalJson(entry.stream)},` +
    `"type":${canonicalJson(entry.type)},"v":${canonicalJson(entry.v)}}`
  );
}
