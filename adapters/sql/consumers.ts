import * as Cause from "effect/Cause";
import * as Data from "effect/Data";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Schedule from "effect/Schedule";
import * as Stream from "effect/Stream";
import type { LedgerName, LedgerRecord } from "../../domain/ledger/entry.ts";
import { problemOf, tryUntilHandled } from "../commit/try-until-handled.ts";
import { type Consumer, Consumers, isConcerned } from "../ports/consumers.ts";
import { type Cursor, Ledgers } from "../ports/ledger.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";
import { consumerProblems } from "./consumer-problems.ts";
import { Database } from "./database.ts";
import { withLease } from "./lease.ts";

/** The first wait after the ledger itself could not be followed; then doubled. */
const FOLLOW_RETRY = "1 second";
const FOLLOW_RETRY_MAX = "1 minute";

/** A follower that could not follow is said to stand still until it has followed for so long. */
const RESUMED_AFTER = "2 seconds";

/** A cursor that only passed over others' events is written down after this many. */
const IDLE_EVENTS_MAX = 1_000;

/** What ends by itself, and what `/readyz` says of the store anyway. */
const PASSING = ["DatabaseError", "Fenced", "LedgerUnavailable", "StoreUnavailable"];

/** Another holder of the lease does this now. */
class Fenced extends Data.TaggedError("Fenced")<{ readonly name: string }> {}

/** What this process was asked to run; `passed` while it holds the lease. */
type Running = { readonly ledger: LedgerName; passed: number };

/** Consumers whose cursors are rows beside those of the read models. */
export const layer: Layer.Layer<Consumers, never, Database | Ledgers> = Layer.effect(
  Consumers,
  Effect.gen(function* () {
    const database = yield* Database;
    const ledgers = yield* Ledgers;
    const problems = consumerProblems(database);
    const running = new Map<string, Running>();
    const run = <E extends { readonly _tag: string }, R>(consumer: Consumer<E, R>) => {
      const name = `consumer:${consumer.name}`;
      const ledger = ledgers[consumer.ledger];
      const here: Running = { ledger: consumer.ledger, passed: 0 };
      running.set(consumer.name, here);
      const consume = Effect.fnUntraced(function* (token: number) {
        const cursor = yield* takeOver(database, name, token);
        const { epoch, position: head } = yield* ledger.head;
        let saved = cursor.position;
        let troubled = yield* problems.has(consumer.name);
        const save = Effect.fnUntraced(function* ({ position, leaf }: LedgerRecord) {
          const moved = yield* database.query(
            `UPDATE authledger.cursors SET position = $3, leaf = $4, epoch = $5
             WHERE ledger = 'identity' AND name = $1 AND build = 0 AND token = $2 RETURNING name`,
            [name, token, position, leaf, epoch],
          );
          if (moved.length === 0) return yield* new Fenced({ name });
          saved = position;
          if (troubled) yield* problems.clear(consumer.name);
          troubled = false;
        });
        const handled = (record: LedgerRecord, by: Pick<Consumer<E, R>, "handle">) =>
          tryUntilHandled({ ...consumer, ...by }, record, ({ problem, tries }) => {
            troubled = true;
            const { position } = record;
            return problems.note({ name: consumer.name, position, problem, tries });
          });
        const handle = Effect.fnUntraced(function* (records: ReadonlyArray<LedgerRecord>) {
          const { handleMany } = consumer;
          const concerned = records.filter((record) => isConcerned(consumer, record));
          const [first, last] = [concerned[0], records.at(-1)];
          if (handleMany && first && last && concerned.length > 1) {
            yield* handled(first, { handle: () => handleMany(concerned) });
            yield* save(last);
            here.passed = last.position;
            return;
          }
          for (const record of records) {
            if (isConcerned(consumer, record)) {
              yield* handled(record, consumer);
              yield* save(record);
            } else if (troubled || record.position - saved > IDLE_EVENTS_MAX) yield* save(record);
            here.passed = record.position;
          }
        });
        // Where nothing is to be handled, no record says that it follows again.
        const resumed = Effect.suspend(() => {
          if (!troubled || cursor.position < head) return Effect.void;
          troubled = false;
          return problems.clear(consumer.name);
        }).pipe(Effect.delay(RESUMED_AFTER));
        yield* Effect.all([Stream.runForEach(ledger.follow(cursor), handle), resumed], {
          concurrency: "unbounded",
          discard: true,
        });
      });
      const consumeAgain = (token: number) =>
        consume(token).pipe(
          Effect.tapCause((cause) => {
            const problem = problemOf(cause);
            if (Cause.hasInterrupts(cause) || PASSING.includes(problem)) return Effect.void;
            const noted = { name: consumer.name, position: here.passed, problem };
            return Effect.logError("A follower of the ledger cannot follow it").pipe(
              Effect.annotateLogs({ name: consumer.name, error: problem }),
              Effect.andThen(Effect.ignore(problems.note(noted))),
            );
          }),
          Effect.retry({
            while: (error) => error._tag !== "Fenced",
            schedule: Schedule.jittered(
              Schedule.min([Schedule.exponential(FOLLOW_RETRY), Schedule.spaced(FOLLOW_RETRY_MAX)]),
            ),
          }),
        );
      return withLease(name, consumeAgain).pipe(Effect.provideService(Database, database));
    };
    const status = Effect.gen(function* () {
      const stored = yield* problems.standing;
      return yield* Effect.forEach([...running], ([name, { ledger, passed }]) =>
        Effect.map(ledgers[ledger].head, ({ position: head }) => {
          const { position = 0, ...problem } = stored.get(name) ?? {};
          return { name, ledger, position: Math.max(position, passed), head, ...problem };
        }),
      );
    }).pipe(Effect.mapError(storeUnavailable));
    return Consumers.of({ run, status });
  }),
);

/** The stored cursor, fenced off from who held it under an older token. */
const takeOver = (database: Database["Service"], name: string, token: number) =>
  database
    .query<Cursor>(
      `INSERT INTO authledger.cursors AS c (ledger, name, build, version, token, active)
       VALUES ('identity', $1, 0, 0, $2, TRUE)
       ON CONFLICT (ledger, name, build) DO UPDATE SET token = excluded.token
         WHERE c.token <= excluded.token
       RETURNING position, leaf, epoch`,
      [name, token],
    )
    .pipe(
      Effect.flatMap(([cursor]) =>
        cursor === undefined ? Effect.fail(new Fenced({ name })) : Effect.succeed(cursor),
      ),
    );
