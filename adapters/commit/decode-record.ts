import { timingSafeEqual } from "node:crypto";
import { leafOf } from "../../domain/ledger/derive.ts";
import {
  ENTRY_VERSION,
  type Entry,
  type LedgerName,
  type LedgerRecord,
} from "../../domain/ledger/entry.ts";
import { sha256 } from "../crypto/hash.ts";
import type { Keyring } from "../ports/keyring.ts";
import { LedgerCorrupt } from "../ports/ledger.ts";

/** A stored entry with the columns beside it. */
export type StoredRow = {
  readonly ledger: LedgerName;
  readonly position: number;
  readonly revision: number;
  readonly stream: string;
  readonly type: string;
  readonly id: string;
  readonly entry: Uint8Array;
  readonly mac: Uint8Array;
};

/**
 * The record of a row that this program wrote and nobody altered: the MAC fits the leaf, and the
 * columns say what the entry says. Position and revision are the caller's to check: they are order.
 */
export function decodeRecord(
  keyring: Keyring["Service"],
  row: StoredRow,
): LedgerRecord | LedgerCorrupt {
  const { ledger, position, revision } = row;
  const corrupt = (problem: string) => new LedgerCorrupt({ ledger, position, problem });
  const leaf = leafOf(sha256, row.entry);
  const mac = keyring.mac(ledger, leaf);
  if (row.mac.length !== mac.length || !timingSafeEqual(row.mac, mac)) {
    return corrupt("the MAC does not fit the entry");
  }
  const entry = parse(row.entry);
  if (entry === undefined) return corrupt("the entry is not JSON");
  if (entry.v !== ENTRY_VERSION) return corrupt("the entry has a format this program cannot read");
  if (entry.ledger !== ledger) return corrupt("the entry belongs to another ledger");
  if (entry.stream !== row.stream) return corrupt("the stream column is not the entry's");
  if (entry.type !== row.type) return corrupt("the type column is not the entry's");
  if (entry.id !== row.id) return corrupt("the id column is not the entry's");
  return {
    v: entry.v,
    ledger,
    id: entry.id,
    stream: entry.stream,
    type: entry.type,
    schema: entry.schema,
    at: entry.at,
    salt: entry.salt,
    meta: entry.meta,
    data: entry.data,
    position,
    revision,
    leaf: Buffer.from(leaf.buffer, leaf.byteOffset, leaf.length).toString("hex"),
  };
}

function parse(bytes: Uint8Array): Entry | undefined {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
    // The MAC proved that this program wrote the bytes, so the shape is the one it writes.
    return (JSON.parse(text) as Entry | null) ?? undefined;
  } catch {
    return undefined;
  }
}
