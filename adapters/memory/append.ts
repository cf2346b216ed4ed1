import { hexOf } from "../../domain/ledger/derive.ts";
import { type LedgerName, ownersIn } from "../../domain/ledger/entry.ts";
import type { OwnerId } from "../../domain/sealed.ts";
import { entryIds, stamp, tooLarge } from "../commit/stamp.ts";
import type { Keyring } from "../ports/keyring.ts";
import {
  type Append,
  type AppendError,
  type Appended,
  type Claim,
  type ClaimRelease,
  ClaimTaken,
  type Expect,
  OwnerDestroyed,
  RevisionConflict,
} from "../ports/ledger.ts";
import { claimPlace, type KeptClaim, type Store, type Table } from "./store.ts";

/** Appends a request or refuses it whole; nothing else runs in between. */
export function append(
  store: Store,
  ledger: LedgerName,
  request: Append,
  stamping: { readonly keyring: Keyring["Service"]; readonly at: string },
): Appended | AppendError {
  const table = store.tables[ledger];
  const first = entryIds(request.requestId, 1)[0] ?? "";
  const before = table.answered.get(first);
  if (before !== undefined) return { ...before, repeated: true };
  const refused = tooLarge(ledger, request) ?? refusal(store, request, { table, at: stamping.at });
  if (refused !== undefined) return refused;
  alongside(store, request);
  const appended = insert(table, request, stamp(stamping.keyring, ledger, request, stamping.at));
  table.answered.set(first, appended);
  const waiting = [...table.waiting];
  table.waiting.clear();
  for (const wake of waiting) wake();
  return appended;

  function insert(
    { rows, streams }: Table,
    { stream }: Append,
    entries: ReturnType<typeof stamp>,
  ): Appended {
    const positions = streams.get(stream) ?? [];
    streams.set(stream, positions);
    for (const { entry: stamped, bytes, leaf, mac } of entries) {
      const { id, type } = stamped;
      const position = rows.length + 1;
      const revision = positions.length;
      const entry = bytes.slice();
      rows.push({ ledger, position, revision, stream, type, id, entry, mac, leaf: hexOf(leaf) });
      positions.push(position);
    }
    return { position: rows.length, revision: positions.length - 1, repeated: false };
  }
}

function refusal(
  store: Store,
  request: Append,
  { table, at }: { readonly table: Table; readonly at: string },
): AppendError | undefined {
  const { stream, expect } = request;
  const actual = (table.streams.get(stream)?.length ?? 0) - 1;
  if (!meets(expect, actual)) return new RevisionConflict({ stream, expected: expect, actual });
  const destroyed = owners(request).find((owner) => store.tombstones.has(owner));
  if (destroyed !== undefined) return new OwnerDestroyed({ owner: destroyed });
  return lostClaim(store, request, at);
}

function meets(expect: Expect, actual: number): boolean {
  if (typeof expect === "object") return expect.exact === actual;
  if (expect === "any") return true;
  return expect === "none" ? actual < 0 : actual >= 0;
}

function owners({ meta, entries, dataKeys }: Append): ReadonlyArray<OwnerId> {
  const created = (dataKeys?.create ?? []).map(({ owner }) => owner);
  const required = dataKeys?.require ?? [];
  return [...created, ...required, ...ownersIn(meta, ...entries.map(({ data }) => data))];
}

/** Releases count before takes: one request may hand a claim over or replace it. */
function lostClaim(
  { claims }: Store,
  { claims: wanted }: Append,
  at: string,
): ClaimTaken | undefined {
  const taken = new Map<string, Claim>();
  for (const claim of wanted?.take ?? []) {
    const place = claimPlace(claim);
    const held = claims.get(place);
    const free = held !== undefined && (isOver(held, at) || releasesNow(wanted?.release, held));
    const holder = taken.get(place) ?? (free ? undefined : held);
    if (holder !== undefined && holder.owner !== claim.owner) {
      return new ClaimTaken({ kind: claim.kind });
    }
    taken.set(place, claim);
  }
  return undefined;
}

type Releases = NonNullable<NonNullable<Append["claims"]>["release"]> | undefined;

function releaseOf(given: Releases, held: Claim): ClaimRelease | undefined {
  return given?.find(({ kind, owner }) => kind === held.kind && owner === held.owner);
}

function releasesNow(given: Releases, held: Claim): boolean {
  const release = releaseOf(given, held);
  return release !== undefined && release.quarantinedUntil === undefined;
}

function isOver({ quarantinedUntil }: KeptClaim, at: string): boolean {
  return quarantinedUntil !== undefined && quarantinedUntil <= at;
}

/** What happens in the same transaction as the entries. */
function alongside(store: Store, { claims, vault, dataKeys }: Append): void {
  for (const [place, held] of store.claims) {
    const release = releaseOf(claims?.release, held);
    if (release === undefined) continue;
    if (release.quarantinedUntil === undefined) store.claims.delete(place);
    else store.claims.set(place, { ...release, ...held });
  }
  for (const claim of claims?.take ?? []) store.claims.set(claimPlace(claim), claim);
  for (const id of vault?.remove ?? []) store.vault.delete(id);
  for (const row of vault?.put ?? []) store.vault.set(row.id, row);
  for (const key of dataKeys?.create ?? []) {
    const held = store.dataKeys.get(key.owner);
    if (held === undefined || held.generation < key.generation) store.dataKeys.set(key.owner, key);
  }
  for (const owner of dataKeys?.destroy ?? []) {
    store.dataKeys.delete(owner);
    store.tombstones.add(owner);
  }
}
