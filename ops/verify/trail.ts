import { sha256 } from "../../adapters/crypto/hash.ts";
import type { FoldedBatch } from "../../adapters/fold/fold-batch.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import { canonicalJson } from "../../domain/ledger/canonical.ts";

/** Which events touched a key, as two sums: one that is altered, added or gone changes them. */
export type Touched = { readonly events: number; readonly positions: number };

/** What a fold leaves behind besides its rows: by it "as of" is answered. */
export type Trail = {
  /** By key. */
  readonly touched: ReadonlyMap<string, Touched>;
  /** `snapshotHash` of each, by `snapshotName`. */
  readonly snapshots: ReadonlyMap<string, string>;
  /** Takes what each batch of the fold made. */
  readonly watch: (folded: FoldedBatch) => void;
};

const NEVER: Touched = { events: 0, positions: 0 };

export function trail(): Trail {
  const touched = new Map<string, Touched>();
  const snapshots = new Map<string, string>();
  return {
    touched,
    snapshots,
    watch: (folded) => {
      for (const { key, position } of folded.touched) {
        const { events, positions } = touched.get(key) ?? NEVER;
        touched.set(key, { events: events + 1, positions: positions + position });
      }
      for (const { key, held } of folded.snapshots) {
        snapshots.set(snapshotName(key, held.position), snapshotHash(held.row));
      }
    },
  };
}

export function snapshotName(key: string, position: number): string {
  return `${position} ${key}`;
}

export function snapshotHash(row: JsonObject | undefined): string {
  const text = row === undefined ? "" : canonicalJson(row as Json);
  return Buffer.from(sha256(Buffer.from(text, "utf8"))).toString("hex");
}
