import * as Effect from "effect/Effect";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { expect, onTestFinished, test } from "vitest";
import { Database } from "../../../adapters/sql/database.ts";
import { emptyPglite } from "../../support/databases.ts";

const STATEMENTS = 60;
/** Takes a millisecond or more. */
const STATEMENT = "SELECT count(*) FROM generate_series(1, 10000)";

test("between statements that follow one another timers and sockets have their turn", async () => {
  const runtime = ManagedRuntime.make(emptyPglite);
  onTestFinished(() => runtime.dispose());
  const { query, transaction } = await runtime.runPromise(Effect.service(Database));
  const turnsDuring = async (work: () => Promise<unknown>) => {
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    await work();
    clearInterval(counting);
    return turns;
  };
  const oneByOne = await turnsDuring(async () => {
    for (let n = 0; n < STATEMENTS; n++) await Effect.runPromise(query(STATEMENT));
  });
  expect(oneByOne).toBeGreaterThan(5);
  const inOneTransaction = await turnsDuring(() =>
    Effect.runPromise(
      transaction((session) =>
        Effect.forEach(Array.from({ length: STATEMENTS }), () => session.query(STATEMENT)),
      ),
    ),
  );
  expect(inOneTransaction).toBeGreaterThan(5);
});
