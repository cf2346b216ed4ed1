import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { describe, expect, test } from "vitest";
import { COUNTED_MAX, Outbox } from "../../../adapters/ports/outbox.ts";
import { Database } from "../../../adapters/sql/database.ts";
import { layer as outbox } from "../../../adapters/sql/outbox.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { keysOn } from "../../support/sql-store.ts";

const SENT = COUNTED_MAX + 2_000;
const TIME = "2026-11-21T00:00:00.000Z";

/** Mails that went within a month, and three that wait. */
const fill = `INSERT INTO authledger.outbox (ledger, id, position, event_id, template, recipient,
    state, queued_at, next_at, expires_at)
  SELECT 'activity', gen_random_uuid(), n, gen_random_uuid(), 'reset', 'r',
    CASE WHEN n > ${SENT} THEN 'waiting' ELSE 'sent' END, '${TIME}', '${TIME}', '${TIME}'
  FROM generate_series(1, ${SENT + 3}) AS n`;

type Plan = {
  readonly Plans?: ReadonlyArray<Plan>;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
};

/** Rows that the leaves of a plan read. */
function rowsRead({ Plans = [], ...plan }: Plan): number {
  if (Plans.length > 0) return Plans.reduce((sum, each) => sum + rowsRead(each), 0);
  const removed = plan["Rows Removed by Filter"] ?? 0;
  return (plan["Actual Rows"] + removed) * plan["Actual Loops"];
}

/** Runs what is asked over a database that adds up what each statement reads. */
const measured = <A, E>(ask: (service: Outbox["Service"]) => Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const database = yield* Database;
    let read = 0;
    const query: typeof database.query = (statement, parameters) =>
      Effect.gen(function* () {
        const explained = `EXPLAIN (ANALYZE, FORMAT JSON) ${statement}`;
        const [row] = yield* database.query<{
          "QUERY PLAN": ReadonlyArray<{ readonly Plan: Plan }>;
        }>(explained, parameters);
        read += row?.["QUERY PLAN"].reduce((sum, each) => sum + rowsRead(each.Plan), 0) ?? 0;
        return yield* database.query(statement, parameters);
      }) as never;
    const watched = Layer.succeed(Database, { ...database, query });
    const service = yield* Effect.provide(Effect.service(Outbox), Layer.provide(outbox, watched));
    return { answer: yield* ask(service), read };
  });

function growthOn(name: string, database: DatabaseLayer): void {
  test(`a probe reads the mails that wait, however many went: ${name}`, async () => {
    const program = Effect.gen(function* () {
      const { query } = yield* Database;
      yield* query(fill);
      yield* query("ANALYZE authledger.outbox");
      return [yield* measured(({ status }) => status), yield* measured(({ counts }) => counts)];
    });
    const store = Layer.fresh(keysOn(database));
    const [status, counts] = await Effect.runPromise(Effect.provide(program, store));
    expect(status?.answer).toEqual({ waiting: 3, failing: 0, untriedSince: TIME });
    expect(status?.read).toBeLessThan(20);
    expect(counts?.answer).toMatchObject({ waiting: 3, sent: COUNTED_MAX, failed: 0 });
    expect(counts?.read).toBeLessThan(COUNTED_MAX + 20);
  });
}

growthOn("pglite", emptyPglite);
describe("on a server", onPostgres, () => growthOn("postgres", emptyPostgres));
