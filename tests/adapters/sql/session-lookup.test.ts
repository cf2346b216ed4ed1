import * as Layer from "effect/Layer";
import { describe } from "vitest";
import { layer as readModels } from "../../../adapters/sql/read-models.ts";
import { layer as sessionLookup } from "../../../adapters/sql/session-lookup.ts";
import { sessionLookupContract } from "../../contracts/session-lookup.contract.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
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
describe("on a server", onPostgres, () => stored("postgres", emptyPostgres));
