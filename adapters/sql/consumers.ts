import * as Data from "effect/Data";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Schedule from "effect/Schedule";
import * as Stream from "effect/Stream";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import { type Consumer, Consumers } from "../ports/consumers.ts";
import { type Cursor, Ledgers } from "../ports/ledger.ts";
import { Database } from "./database.ts";
import { withLease } from "./lease.ts";

const RETRY_INTERVAL = "1 second";

/** A cursor that only passed over others' events is written down after this many. */
const IDLE_EVENTS_MAX = 1_000;

/** Another holder of the lease does this now. */
class Fenced extends Data.TaggedError("Fenced")<{ readonly name: string }> {}

/** Consumers whose cursors are rows beside those of the read models. */
export const layer: Layer.Layer<Consumers, never, Database | Ledgers> = Layer.effect(
  Consumers,
  Effect.gen(function* () {
    const database = yield* Database;
    const ledgers = yield* Ledgers;
    const run = <E extends { readonly _tag: string }, R>(consumer: Consumer<E, R>) => {
      const name = `consumer:${consumer.name}`;
      const ledger = ledgers[consumer.ledger];
      const consume = Effect.fnUntraced(function* (token: number) {
        const cursor = yield* takeOver(database, name, token);
        const { epoch } = yield* ledger.head;
        let saved = cursor.position;
        const save = Effect.fnUntraced(function* ({ position, leaf }: LedgerRecord) {
          const moved = yield* database.query(
            `UPDATE authledger.cursors SET position = $3, leaf = $4, epoch = $5
             WHERE ledger = 'identity' AND name = $1 AND build = 0 AND token = $2 RETURNING name`,
            [name, token, position, leaf, epoch],
          );
          if (moved.length === 0) return yield* new Fenced({ name });
          saved = position;
        });
        const handle = Effect.fnUntraced(function* (records: ReadonlyArray<LedgerRecord>) {
          for (const record of records) {
            if (consumer.handles.includes(record.type)) {
              yield* consumer.handle(record).pipe(Effect.retry(Schedule.spaced(RETRY_INTERVAL)));
              yield* save(record);
            } else if (record.position - saved > IDLE_EVENTS_MAX) yield* save(record);
          }
        });
        yield* Stream.runForEach(ledger.follow(cursor), handle);
      });
      const consumeAgain = (token: number) =>
        consume(token).pipe(
          Effect.retry({
            while: (error) => error._tag !== "Fenced",
            schedule: Schedule.spaced(RETRY_INTERVAL),
          }),
        );
      return withLease(name, consumeAgain).pipe(Effect.provideService(Database, database));
    };
    return Consumers.of({ run });
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
