import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { architectsCodec } from "../../adapters/codec/architects.ts";
import { sessionCodec } from "../../adapters/codec/session.ts";
import { storeCodec } from "../../adapters/codec/store.ts";
import { tuplesCodec } from "../../adapters/codec/tuples.ts";
import { userCodec } from "../../adapters/codec/user.ts";
import { freshFold } from "../../adapters/fold/fresh-fold.ts";
import { Ledgers, READ_LIMIT_MAX } from "../../adapters/ports/ledger.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { architects } from "../../domain/architects/mod.ts";
import type { Draft, LedgerName, LedgerRecord } from "../../domain/ledger/entry.ts";
import { session } from "../../domain/session/mod.ts";
import { store } from "../../domain/store/mod.ts";
import { tuples } from "../../domain/tuples/mod.ts";
import { user } from "../../domain/user/mod.ts";
import { type ReadModel, readModels } from "../../projections/catalogue.ts";
import {
  architectsCommand,
  storeCommand,
  tuplesCommand,
  userCommand,
} from "../domain/arbitraries.ts";
import { sessionCommand } from "../domain/everyday-arbitraries.ts";
import { play } from "../domain/history.ts";

type Ports = ReadModels | Ledgers;
const DEADLINE_MS = 10_000;
const RUNS = 12;

const ADA = "0b6f4c1e-6d0a-4c53-9a0f-6f7a3f2f5c11";
const BOB = "5f1c2a34-9f59-4f0e-8f3d-2f6f0b7f9d20";
const EVE = "9e2b7c7a-3a55-4b1c-8a5e-1d2c3b4a5968";
const ids: Readonly<Record<string, string>> = { ada: ADA, bob: BOB, eve: EVE };
const appointing = architectsCommand.map((command) => ({
  ...command,
  userId: ids[command.userId] ?? EVE,
}));

type Part = {
  readonly ledger: LedgerName;
  readonly stream: string;
  readonly entries: Array<Draft>;
};

/** Histories of a few streams, each to be appended in parts that fall between each other. */
const parts: fc.Arbitrary<ReadonlyArray<Part>> = fc
  .tuple(
    fc.array(fc.array(userCommand, { maxLength: 12 }), { minLength: 2, maxLength: 2 }),
    fc.array(appointing, { maxLength: 6 }),
    fc.array(sessionCommand, { maxLength: 4 }),
    fc.array(tuplesCommand, { maxLength: 6 }),
    storeCommand,
    fc.infiniteStream(fc.nat({ max: 1_000 })),
  )
  .map(([people, owners, sessions, relations, made, order]) => {
    const next = (bound: number) => (order.next().value ?? 0) % bound;
    const queues = [
      ...people.map((commands, index) => ({
        ledger: "identity" as const,
        stream: `user-${[ADA, BOB][index]}`,
        entries: play(user, commands).map(userCodec.encode),
      })),
      queue("identity", "architects-all", play(architects, owners).map(architectsCodec.encode)),
      queue("activity", "session-s1", play(session, sessions).map(sessionCodec.encode)),
      queue("identity", "tuples-t1", play(tuples, relations).map(tuplesCodec.encode)),
      queue("identity", `store-${randomUUID()}`, play(store, [made]).map(storeCodec.encode)),
    ].map((whole) => ({ ...whole, entries: [...whole.entries] }));
    const cut: Array<Part> = [];
    for (;;) {
      const waiting = queues.filter(({ entries }) => entries.length > 0);
      const picked = waiting[next(Math.max(1, waiting.length))];
      if (picked === undefined) return cut;
      cut.push({ ...picked, entries: picked.entries.splice(0, 1 + next(4)) });
    }
  });

const queue = (ledger: LedgerName, stream: string, entries: ReadonlyArray<Draft>) => ({
  ledger,
  stream,
  entries,
});

const appendPart = ({ ledger, ...part }: Part) =>
  Effect.flatMap(Effect.service(Ledgers), (ledgers) =>
    ledgers[ledger].append({
      ...part,
      requestId: randomUUID(),
      expect: "any",
      meta: { actor: "process:test", correlation: randomUUID() },
    }),
  );

const everything = Effect.fnUntraced(function* (ledger: LedgerName) {
  const { read } = (yield* Ledgers)[ledger];
  const all: Array<LedgerRecord> = [];
  for (;;) {
    const page = yield* read({ from: all.length + 1 });
    all.push(...page);
    if (page.length < READ_LIMIT_MAX) return all;
  }
});

/** Rows of a model at the head; none of the keys but those that have one. */
const shown = (model: string, keys: ReadonlyArray<string>) =>
  Effect.flatMap(Effect.service(ReadModels), ({ many }) =>
    Effect.map(many(model, keys), (rows) => new Map(rows.map(({ key, row }) => [key, row]))),
  );

/** Rows that are there, without what marks where one was. */
const present = (fresh: ReturnType<typeof freshFold>) =>
  new Map([...fresh.rows].flatMap(([key, { row }]) => (row === undefined ? [] : [[key, row]])));

/**
 * Whatever happens, in whatever batches, the rows are those of a fold from the first event,
 * then and at every position before. `digestOf` answers what the store says,
 * where it says something.
 */
export function foldingContract<R, E>(
  name: string,
  makeLayer: () => Layer.Layer<Ports | R, E>,
  digestOf?: (model: string) => Effect.Effect<string, unknown, R>,
): void {
  describe(`Folding contract: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<Ports | R, E>;
    const on = <A, F>(effect: Effect.Effect<A, F, Ports | R>) => runtime.runPromise(effect);
    beforeAll(() => {
      runtime = ManagedRuntime.make(makeLayer());
    });
    afterAll(() => runtime.dispose());

    const compare = async (model: ReadModel, places: ReadonlyArray<number>) => {
      const records = await on(everything(model.ledger));
      const { reach, asOf } = await on(Effect.service(ReadModels));
      await on(reach(model.name, records.length, DEADLINE_MS));
      const fresh = freshFold(model);
      const then = new Map<number, ReadonlyMap<string, unknown>>();
      const positions = new Set(places.map((place) => place % (records.length + 1)));
      for (const record of records) {
        fresh.take([record]);
        if (positions.has(record.position)) then.set(record.position, present(fresh));
      }
      const keys = [...fresh.rows.keys()];
      expect(await on(shown(model.name, keys))).toEqual(present(fresh));
      if (digestOf !== undefined) expect(await on(digestOf(model.name))).toBe(fresh.digest());
      const whole = freshFold(model);
      whole.take(records);
      expect(whole.digest()).toBe(fresh.digest());
      for (const [position, rows] of then) {
        for (const key of keys) {
          const row = await on(asOf(model.name, key, position));
          expect(row?.row).toEqual(rows.get(key));
        }
      }
    };

    test("rows, digests and the past are those of a fresh fold", async () => {
      const places = fc.array(fc.nat({ max: 100_000 }), { minLength: 2, maxLength: 2 });
      await fc.assert(
        fc.asyncProperty(parts, places, async (history, at) => {
          await on(Effect.forEach(history, appendPart, { concurrency: 3 }));
          for (const model of readModels) await compare(model, at);
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    });
  });
}
