import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Stream from "effect/Stream";
import { expect } from "vitest";
import { sha256Hex } from "../../adapters/crypto/hash.ts";
import { type Cursor, Ledgers, READ_LIMIT_MAX, START } from "../../adapters/ports/ledger.ts";
import type { JsonObject } from "../../domain/json.ts";
import { encodeEntry } from "../../domain/ledger/encode.ts";
import { ENTRY_BYTES_MAX, type LedgerRecord } from "../../domain/ledger/entry.ts";

import {
  APPENDS_PER_WRITER,
  append,
  at,
  drafts,
  headOf,
  type It,
  meta,
  newStream,
  read,
  together,
  WRITERS,
} from "./ledger-requests.ts";

/** What comes back: by query, by position, for ever, and byte by byte. */
export function reading(it: It): void {
  queries(it);
  following(it);
  diverging(it);
  bytes(it);
}

/** Follows until the position is seen; what came, in order. */
const followTo = (cursor: Cursor, position: number) =>
  Effect.flatMap(Effect.service(Ledgers), ({ identity }) =>
    identity.follow(cursor).pipe(
      Stream.takeUntil((batch) => (batch.at(-1)?.position ?? 0) >= position),
      Stream.runFold(
        () => [] as ReadonlyArray<LedgerRecord>,
        (seen, batch) => [...seen, ...batch],
      ),
    ),
  );

function queries(it: It): void {
  const revisions = (records: ReadonlyArray<LedgerRecord>) =>
    records.map(({ revision }) => revision);

  it("read() of a stream goes forwards and backwards, from and to a limit", async (on) => {
    const stream = newStream();
    await on(append({ stream, entries: drafts(5) }));
    const query = async (given: object) => revisions(await on(read({ stream, ...given })));
    expect(await query({})).toEqual([0, 1, 2, 3, 4]);
    expect(await query({ from: 2 })).toEqual([2, 3, 4]);
    expect(await query({ from: 1, limit: 2 })).toEqual([1, 2]);
    expect(await query({ from: 5 })).toEqual([]);
    expect(await query({ direction: "backwards" })).toEqual([4, 3, 2, 1, 0]);
    expect(await query({ direction: "backwards", limit: 2 })).toEqual([4, 3]);
    expect(await query({ direction: "backwards", from: 2 })).toEqual([2, 1, 0]);
    expect(await query({ direction: "backwards", from: 9 })).toEqual([4, 3, 2, 1, 0]);
  });

  it("read() of the ledger goes by position", async (on) => {
    await on(append({ entries: drafts(3) }));
    const { position: last } = await on(headOf("identity"));
    const query = async (given: object) => (await on(read(given))).map(({ position }) => position);
    expect(await query({ from: last - 1 })).toEqual([last - 1, last]);
    expect(await query({ limit: 2 })).toEqual([1, 2]);
    expect(await query({ from: last + 1 })).toEqual([]);
    expect(await query({ direction: "backwards", limit: 3 })).toEqual([last, last - 1, last - 2]);
    expect(await query({ direction: "backwards", from: 2 })).toEqual([2, 1]);
  });

  it("read() answers at most READ_LIMIT_MAX records", async (on) => {
    const stream = newStream();
    await on(append({ stream, entries: drafts(READ_LIMIT_MAX) }));
    await on(append({ stream, entries: drafts(2) }));
    expect(await on(read({ stream, limit: READ_LIMIT_MAX + 1 }))).toHaveLength(READ_LIMIT_MAX);
    const rest = await on(read({ stream, from: READ_LIMIT_MAX }));
    expect(revisions(rest)).toEqual([READ_LIMIT_MAX, READ_LIMIT_MAX + 1]);
  });

  it("read() of an unknown stream is empty", async (on) => {
    expect(await on(read({ stream: newStream() }))).toEqual([]);
    expect(await on(read({ stream: newStream(), direction: "backwards" }))).toEqual([]);
  });

  it("at() answers records by position, ascending, those past the head left out", async (on) => {
    const { position } = await on(append({ entries: drafts(3) }));
    const records = await on(at([position, position - 2, position + 1000]));
    expect(records.map((record) => record.position)).toEqual([position - 2, position]);
    expect(await on(at([]))).toEqual([]);
  });
}

function following(it: It): void {
  it("follow() from START sees everything in order", async (on) => {
    const { position } = await on(append({ entries: drafts(3) }));
    const seen = await on(followTo(START, position));
    expect(seen.map((record) => record.position)).toEqual(
      Array.from({ length: position }, (_, index) => index + 1),
    );
  });

  it("follow() from a cursor sees what came after it", async (on) => {
    await on(append({}));
    const cursor = await on(headOf("identity"));
    const stream = newStream();
    const { position } = await on(append({ stream, entries: drafts(2) }));
    const seen = await on(followTo(cursor, position));
    expect(seen).toEqual(await on(read({ stream })));
  });

  it("follow() misses nothing and repeats nothing under concurrent appends", async (on) => {
    const cursor = await on(headOf("identity"));
    const last = cursor.position + WRITERS * APPENDS_PER_WRITER;
    const writer = Effect.forEach(Array.from({ length: APPENDS_PER_WRITER }), () => append({}));
    const [seenEarly, seenLate] = await on(
      Effect.gen(function* () {
        const [early, late] = yield* Effect.all(
          [
            followTo(cursor, last),
            Effect.flatMap(append({}), () => followTo(cursor, last)),
            together(WRITERS, () => writer),
          ],
          { concurrency: "unbounded" },
        );
        return [early, late];
      }),
    );
    const wanted = Array.from(
      { length: last - cursor.position },
      (_, i) => cursor.position + 1 + i,
    );
    for (const seen of [seenEarly, seenLate]) {
      const positions = seen.map(({ position }) => position);
      expect(positions.slice(0, wanted.length)).toEqual(wanted);
    }
  });
}

function diverging(it: It): void {
  it("follow() from a cursor of another history fails", async (on) => {
    const { position } = await on(append({}));
    const head = await on(headOf("identity"));
    const diverged = { _tag: "CursorDiverged", ledger: "identity" };
    const wrongLeaf = { ...head, leaf: sha256Hex("another history") };
    expect(await on(Effect.flip(followTo(wrongLeaf, position + 1)))).toMatchObject({
      ...diverged,
      position,
    });
    const lostTail = { ...head, position: position + 7 };
    expect(await on(Effect.flip(followTo(lostTail, position + 8)))).toMatchObject({
      ...diverged,
      position: position + 7,
    });
    const otherEpoch = { ...head, epoch: randomUUID() };
    expect(await on(Effect.flip(followTo(otherEpoch, position + 1)))).toMatchObject({
      ...diverged,
      position,
    });
  });
}

function bytes(it: It): void {
  it("append() of an entry past the limit is refused with its size", async (on) => {
    const stream = newStream();
    const entry = (length: number) => ({ type: "Noted", schema: 1, data: note(length) });
    const note = (length: number) => ({ note: "x".repeat(length) });
    const entries = [entry(1), entry(ENTRY_BYTES_MAX)];
    const error = await on(Effect.flip(append({ stream, entries })));
    expect(error).toMatchObject({ _tag: "EntryTooLarge", type: "Noted" });
    const spare = "bytes" in error ? error.bytes - ENTRY_BYTES_MAX : 0;
    // The size is exact: with that many bytes less it is the largest entry that passes.
    const largest = [entry(ENTRY_BYTES_MAX - spare)];
    const tooMuch = [entry(ENTRY_BYTES_MAX - spare + 1)];
    await on(Effect.flip(append({ stream, entries: tooMuch })));
    await on(append({ stream, entries: largest }));
    const [record] = await on(read({ stream }));
    expect(record && Buffer.byteLength(encodeEntry(record))).toBe(ENTRY_BYTES_MAX);
  });

  it("text of every kind comes back as it went in", async (on) => {
    const stream = newStream();
    const data: JsonObject = {
      nul: "a\u0000b",
      controls: "\u0001\b\t\n\u000b\f\r\u001f\u007f\u0080",
      quotes: `"\\/'$$;--`,
      separators: "\u2028\u2029\ufeff",
      astral: "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 👩‍🚀",
      combining: "e\u0301 é",
      "": { "\u20ac": 1, "\r": 2, "1": 3, "\u0080": 4, ö: 5, __proto__x: 6 },
      numbers: [0, -1, 1e21, 1e-7, 9007199254740991, 0.1],
      rest: [null, true, false, [], {}],
    };
    await on(append({ stream, entries: [{ type: "Noted", schema: 1, data }] }));
    const [record] = await on(read({ stream }));
    expect(record?.data).toEqual(data);
    expect(record?.leaf).toBe(
      record && sha256Hex(Buffer.concat([new Uint8Array(1), Buffer.from(encodeEntry(record))])),
    );
  });

  it("records carry meta, salt and time of their entry", async (on) => {
    const stream = newStream();
    const given = { ...meta(), onBehalfOf: "user:ada", causation: randomUUID() } as const;
    await on(append({ stream, meta: given, entries: drafts(2) }));
    const [first, second] = await on(read({ stream }));
    expect(first?.meta).toEqual(given);
    expect(first?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(first?.salt).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(first?.salt).not.toBe(second?.salt);
  });
}
