import { entryId } from "../../domain/ledger/derive.ts";
import { encodeEntry } from "../../domain/ledger/encode.ts";
import {
  type Draft,
  ENTRY_BYTES_MAX,
  ENTRY_VERSION,
  type Entry,
  type LedgerName,
} from "../../domain/ledger/entry.ts";
import { sha256 } from "../crypto/hash.ts";
import { randomPooled } from "../crypto/random.ts";
import type { Keyring } from "../ports/keyring.ts";
import { type Append, EntryTooLarge } from "../ports/ledger.ts";

const SALT_BYTES = 16;

/** UTF-16 code units of a string take at most this many bytes each in UTF-8. */
const UTF8_BYTES_PER_UNIT_MAX = 3;

/** What every stamp is as long as: sizes are known before the flush that stamps. */
const SIZED_AS = {
  id: "00000000-0000-8000-8000-000000000000",
  at: "2026-01-01T00:00:00.000Z",
  salt: "AAAAAAAAAAAAAAAAAAAAAA",
};

/** An entry ready to be stored: its bytes are final. */
export type Stamped = {
  readonly entry: Entry;
  /** The canonical JSON of the entry. */
  readonly bytes: Uint8Array;
  /** SHA-256(0x00 ‖ bytes), 32 bytes. */
  readonly leaf: Uint8Array;
  readonly mac: Uint8Array;
};

/** The ids of a request's entries, in order; known before anything is stamped. */
export function entryIds(requestId: string, count: number): ReadonlyArray<string> {
  const ids: Array<string> = [];
  for (let index = 0; index < count; index++) ids.push(entryId(sha256, requestId, index));
  return ids;
}

/**
 * Makes the entries of a request as of now. Stamped again, a request has the same ids and other
 * salts, hence other leaves: only one of the stampings is ever stored.
 *
 * Shape: `at` as RFC 3339 in UTC with milliseconds.
 */
export function stamp(
  keyring: Keyring["Service"],
  ledger: LedgerName,
  append: Append,
  at: string,
): ReadonlyArray<Stamped> {
  return append.entries.map((draft, index) => {
    const id = entryId(sha256, append.requestId, index);
    const salt = Buffer.from(randomPooled(SALT_BYTES)).toString("base64url");
    const entry = entryOf(append, draft, { ledger, id, at, salt });
    const text = encodeEntry(entry);
    // One buffer holds the leaf's input; the entry is all of it but the 0x00 in front.
    const length = Buffer.byteLength(text);
    const input = Buffer.allocUnsafe(length + 1);
    input[0] = 0x00;
    input.write(text, 1, "utf8");
    const leaf = sha256(input);
    return { entry, bytes: input.subarray(1), leaf, mac: keyring.mac(ledger, leaf) };
  });
}

/** The first entry of a request that is past the limit, found before the request is queued. */
export function tooLarge(ledger: LedgerName, append: Append): EntryTooLarge | undefined {
  for (const draft of append.entries) {
    const text = encodeEntry(entryOf(append, draft, { ledger, ...SIZED_AS }));
    if (text.length * UTF8_BYTES_PER_UNIT_MAX <= ENTRY_BYTES_MAX) continue;
    const bytes = Buffer.byteLength(text);
    if (bytes > ENTRY_BYTES_MAX) return new EntryTooLarge({ type: draft.type, bytes });
  }
  return undefined;
}

function entryOf(
  { stream, meta }: Append,
  { type, schema, data }: Draft,
  { ledger, id, at, salt }: Pick<Entry, "ledger" | "id" | "at" | "salt">,
): Entry {
  return { v: ENTRY_VERSION, ledger, id, stream, type, schema, at, salt, meta, data };
}
