import type { Json, JsonObject } from "../json.ts";
import { isSealed, type OwnerId, type Sealed } from "../sealed.ts";

/** The two ledgers: facts for ever, and what is frequent and ages. */
export type LedgerName = "identity" | "activity";

/** The version of the entry format that this program writes; FORMAT.md, "Entry". */
export const ENTRY_VERSION = 1;

/** Bytes of a whole entry at most: the length prefix of a tlog-tiles entry bundle is a uint16. */
export const ENTRY_BYTES_MAX = 65_535;

/** Who acted, only ever from the authenticated context: `user:<id>`, `operator:erase`, … */
export type Actor = `${ActorKind}:${string}`;
export type ActorKind = "user" | "client" | "api-key" | "process" | "hook" | "operator" | "import";

/** Why and by whom an entry was written. */
export type Meta = {
  readonly actor: Actor;
  readonly onBehalfOf?: Actor;
  /** Our own UUID of the request, never the caller's. */
  readonly correlation: string;
  /** The id of the event that caused this one. */
  readonly causation?: string;
  /** Network address and user agent, sealed under the month's key. */
  readonly origin?: Sealed;
};

/** What a decision wants appended, before the flush stamps it. */
export type Draft = {
  readonly type: string;
  /** Version of the codec that wrote `data`, from 1. */
  readonly schema: number;
  readonly data: JsonObject;
};

/**
 * The unit of truth. Its canonical JSON (RFC 8785) is the row, the tile entry and the export line.
 */
export type Entry = Draft & {
  readonly v: typeof ENTRY_VERSION;
  readonly ledger: LedgerName;
  /** UUID derived from request id and index: the same request again has the same ids. */
  readonly id: string;
  readonly stream: string;
  /** RFC 3339 in UTC with milliseconds, by the clock of the process that appended. */
  readonly at: string;
  /** 16 random bytes, base64url: equal facts have unequal leaves. */
  readonly salt: string;
  readonly meta: Meta;
};

/** An entry where it stands. Position and revision come from order and are never hashed. */
export type LedgerRecord = Entry & {
  /** From 1, gap-free, in commit order. */
  readonly position: number;
  /** From 0 in its stream, gap-free. */
  readonly revision: number;
  /** SHA-256(0x00 ‖ entry), lower-case hex. */
  readonly leaf: string;
};

/** Whose keys the sealed values inside belong to, each owner once. */
export function ownersIn(
  ...values: ReadonlyArray<Json | Meta | undefined>
): ReadonlyArray<OwnerId> {
  const owners = new Set<OwnerId>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (isSealed(value)) owners.add(value.owner);
    else for (const inner of Object.values(value)) visit(inner);
  };
  for (const value of values) visit(value);
  return [...owners];
}
