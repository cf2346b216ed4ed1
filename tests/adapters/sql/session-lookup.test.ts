import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { describe, expect, onTestFinished, test } from "vitest";
import { SessionLookup } from "../../../adapters/ports/session-lookup.ts";
import { layer as readModels } from "../../../adapters/sql/read-models.ts";
import { layer as sessionLookup } from "../../../adapters/sql/session-lookup.ts";
import { sessionLookupContract } from "../../contracts/session-lookup.contract.ts";
import {
  type DatabaseLayer,
  emptyPglite,
  emptyPostgres,
  ownPostgres,
} from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { ledgersOn } from "../../support/sql-store.ts";

const stored = (name: string, database: DatabaseLayer) =>
  sessionLookupContract(name, () =>
    sessionLookup.pipe(
      Layer.provideMerge(readModels({ run: true })),
      Layer.provideMerge(Layer.fresh(ledgersOn(database))),
    ),
  );

stored("pglite", emptyPglite);
describe("on a server", onPostgres, () => {
  stored("postgres", emptyPostgres);

  test("a session that could not be folded, or whose user could not, is refused", async () => {
    const own = await ownPostgres();
    const runtime = ManagedRuntime.make(
      sessionLookup.pipe(
        Layer.provideMerge(readModels({ run: false })),
        Layer.provideMerge(Layer.fresh(ledgersOn(own.connect(2)))),
      ),
    );
    onTestFinished(async () => {
      await runtime.dispose();
      await own.drop();
    });
    const find = (id: string) =>
      runtime.runPromise(
        Effect.flatMap(Effect.service(SessionLookup), (look) => Effect.flip(look.find(id))),
      );
    await runtime.runPromise(Effect.void);
    const stuck = {
      whose: { model: "sessions", row: { userId: "ada" } },
      ada: { model: "users", row: { userId: "ada" } },
      eve: { model: "users", row: { userId: "x", impersonator: { userId: "eve" } } },
      behind: { model: "sessions", row: { userId: "x", impersonator: { sessionId: "behind" } } },
    };
    for (const [key, { model, row }] of Object.entries(stuck)) {
      const id = key === "whose" ? key : randomUUID();
      await own.run(
        `INSERT INTO authledger.sessions (key, row, position, events)
         VALUES ($1, $2, 1, 1)`,
        [id, row],
      );
      const park = (build: number, name: string, position: number) =>
        own.run(
          `INSERT INTO authledger.parked (ledger, name, build, key, position, problem)
           VALUES ('identity', $1, $2, $3, $4, 'planted')`,
          [name, build, key, position],
        );
      // Of a build that nobody reads, and of a model that is not asked for.
      await park(2, model, 5);
      await park(1, "accounts", 6);
      await park(1, model, 7);
      expect(await find(id)).toMatchObject({ _tag: "Parked", model, position: 7 });
      await own.run("DELETE FROM authledger.parked");
    }
  });
});
