import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import type { Claims } from "../../adapters/ports/claims.ts";
import type { DataKeys } from "../../adapters/ports/data-keys.ts";
import type { Keyring } from "../../adapters/ports/keyring.ts";
import {
  type Append,
  type AppendError,
  type Appended,
  Ledgers,
} from "../../adapters/ports/ledger.ts";
import type { RootKeys } from "../../adapters/ports/root-keys.ts";
import type { Vault } from "../../adapters/ports/vault.ts";
import type { LedgerName } from "../../domain/ledger/entry.ts";

/** What a ledger adapter must provide. */
export type LedgerPorts = Ledgers | Claims | Vault | DataKeys | RootKeys | Keyring;

/** Runs an effect on the ledger under test. */
export type On = <A, E>(effect: Effect.Effect<A, E, LedgerPorts>) => Promise<A>;
/** A test of the suite. */
export type It = (title: string, body: (on: On) => Promise<void>) => void;

/** Writers at once: more than the connections of any adapter's pool. */
export const WRITERS = 16;
export const APPENDS_PER_WRITER = 25;

/** Appends one note to a new stream, or what is given. */
export function append(
  given: Partial<Append>,
  ledger: LedgerName = "identity",
): Effect.Effect<Appended, AppendError, Ledgers> {
  return Effect.flatMap(Effect.service(Ledgers), (ledgers) =>
    ledgers[ledger].append({
      requestId: newRequest(),
      stream: newStream(),
      expect: "any",
      entries: drafts(1),
      meta: meta(),
      ...given,
    }),
  );
}

/** Reads the identity ledger, or the named one. */
export function read(query: object, ledger: LedgerName = "identity") {
  return Effect.flatMap(Effect.service(Ledgers), (ledgers) => ledgers[ledger].read(query));
}

export function at(positions: ReadonlyArray<number>) {
  return Effect.flatMap(Effect.service(Ledgers), ({ identity }) => identity.at(positions));
}

export function headOf(ledger: LedgerName) {
  return Effect.flatMap(Effect.service(Ledgers), (ledgers) => ledgers[ledger].head);
}

/** Revisions of a stream, as read; empty when nothing was appended. */
export function revisionsOf(stream: string) {
  return Effect.map(read({ stream }), (records) => records.map(({ revision }) => revision));
}

/** Runs the body so many times at once; answers in order. */
export function together<A, E, R>(
  count: number,
  body: (index: number) => Effect.Effect<A, E, R>,
): Effect.Effect<Array<A>, E, R> {
  const indexes = Array.from({ length: count }, (_, index) => index);
  return Effect.forEach(indexes, body, { concurrency: "unbounded" });
}

/** So many notes, no two alike. */
export function drafts(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    type: "Noted",
    schema: 1,
    data: { index, token: randomUUID() },
  }));
}

export function meta() {
  return { actor: "process:contract", correlation: randomUUID() } as const;
}

export function newStream(): string {
  return `note-${randomUUID()}`;
}

export function newRequest(): string {
  return `contract/${randomUUID()}`;
}
