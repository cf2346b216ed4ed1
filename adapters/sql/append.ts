import * as Effect from "effect/Effect";
import { type LedgerName, ownersIn } from "../../domain/ledger/entry.ts";
import type { Stamped } from "../commit/stamp.ts";
import {
  type Append,
  type AppendError,
  type Appended,
  ClaimTaken,
  ClockSkewed,
  type Expect,
  OwnerDestroyed,
  RevisionConflict,
} from "../ports/ledger.ts";
import type { DatabaseError, Session } from "./database.ts";

/** One request of a flush with its entries as of this flush. */
export type Prepared = { readonly request: Append; readonly stamped: ReadonlyArray<Stamped> };

export type Result =
  | { readonly appended: Appended; readonly detail?: undefined }
  | { readonly refused: AppendError };

/** The codes of migrations/0002_append.sql. */
const APPENDED = 0;
const REPEATED = 1;
const REVISION_CONFLICT = 2;
const CLAIM_TAKEN = 3;
const OWNER_DESTROYED = 4;

const MAC_BYTES = 32;

type Answer = {
  readonly outcomes: ReadonlyArray<number>;
  readonly positions: ReadonlyArray<number>;
  readonly revisions: ReadonlyArray<number>;
  readonly details: ReadonlyArray<string>;
};

/** Appends a batch with one function call; one result a request, in order. */
export const appendBatch = (
  session: Session,
  ledger: LedgerName,
  atMs: number,
  batch: ReadonlyArray<Prepared>,
): Effect.Effect<ReadonlyArray<Result>, DatabaseError> => {
  const statement = `SELECT * FROM authledger.append_${ledger}(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`;
  return session
    .query<Answer>(statement, [ledger, atMs, ...requestColumns(batch), ...entryColumns(batch)])
    .pipe(
      Effect.map(([answer]) =>
        batch.map(({ request }, i) =>
          answer === undefined ? never() : resultOf(answer, i, request),
        ),
      ),
    );
};

function requestColumns(batch: ReadonlyArray<Prepared>): ReadonlyArray<unknown> {
  const streams: Array<string> = [];
  const expects: Array<number> = [];
  const counts: Array<number> = [];
  const firsts: Array<number> = [];
  const before: Array<number> = [];
  const owners: Array<string> = [];
  const along: Record<string, unknown> = {};
  const lastOf = new Map<string, number>();
  let first = 1;
  batch.forEach(({ request, stamped }, i) => {
    const { stream, meta } = request;
    streams.push(stream);
    expects.push(expectCode(request.expect));
    counts.push(stamped.length);
    firsts.push(first);
    first += stamped.length;
    before.push(lastOf.get(stream) ?? 0);
    lastOf.set(stream, i + 1);
    const sealedFor = ownersIn(meta, ...request.entries.map(({ data }) => data));
    owners.push([...(request.dataKeys?.require ?? []), ...sealedFor].join(","));
    const beside = alongOf(request);
    if (beside !== undefined) along[i + 1] = beside;
  });
  const alongJson = Object.keys(along).length === 0 ? null : JSON.stringify(along);
  return [streams, expects, counts, firsts, before, owners, alongJson];
}

/**
 * Bytes travel in two buffers with offsets: arrays of `bytea` would be sent as hexadecimal text.
 */
function entryColumns(batch: ReadonlyArray<Prepared>): ReadonlyArray<unknown> {
  const requests: Array<number> = [];
  const types: Array<string> = [];
  const ids: Array<string> = [];
  const offsets: Array<number> = [];
  const lengths: Array<number> = [];
  const entries: Array<Uint8Array> = [];
  const macs: Array<Uint8Array> = [];
  let offset = 1;
  batch.forEach(({ stamped }, i) => {
    for (const { entry, bytes, mac } of stamped) {
      requests.push(i + 1);
      types.push(entry.type);
      ids.push(entry.id);
      offsets.push(offset);
      lengths.push(bytes.length);
      offset += bytes.length;
      entries.push(bytes);
      macs.push(mac.subarray(0, MAC_BYTES));
    }
  });
  return [requests, types, ids, offsets, lengths, Buffer.concat(entries), Buffer.concat(macs)];
}

function expectCode(expect: Expect): number {
  if (typeof expect === "object") return expect.exact;
  return { none: -1, exists: -2, any: -3 }[expect];
}

function alongOf({ claims, vault, dataKeys }: Append): Record<string, unknown> | undefined {
  if (claims === undefined && vault === undefined && dataKeys === undefined) return undefined;
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  return {
    take: claims?.take,
    release: claims?.release,
    put: vault?.put?.map((row) => ({ ...row, ciphertext: base64(row.ciphertext) })),
    remove: vault?.remove,
    create: dataKeys?.create?.map((key) => ({ ...key, wrapped: base64(key.wrapped) })),
    destroy: dataKeys?.destroy,
  };
}

function resultOf(answer: Answer, i: number, request: Append): Result {
  const position = answer.positions[i] ?? 0;
  const revision = answer.revisions[i] ?? -1;
  const detail = answer.details[i] ?? "";
  switch (answer.outcomes[i]) {
    case APPENDED:
      return { appended: { position, revision, repeated: false } };
    case REPEATED:
      return { appended: { position, revision, repeated: true } };
    case REVISION_CONFLICT:
      return {
        refused: new RevisionConflict({
          stream: request.stream,
          expected: request.expect,
          actual: revision,
        }),
      };
    case CLAIM_TAKEN:
      return { refused: new ClaimTaken({ kind: detail }) };
    case OWNER_DESTROYED:
      return { refused: new OwnerDestroyed({ owner: detail }) };
    default:
      return { refused: new ClockSkewed({ skewMs: Number(detail) }) };
  }
}

function never(): never {
  throw new Error("append function answered no row");
}
