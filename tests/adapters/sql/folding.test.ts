import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { describe } from "vitest";
import { activeBuild } from "../../../adapters/sql/builds.ts";
import { Database } from "../../../adapters/sql/database.ts";
import { layer as readModels } from "../../../adapters/sql/read-models.ts";
import { foldingContract } from "../../contracts/folding.contract.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { ledgersOn } from "../../support/sql-store.ts";

const digestOf = (model: string) =>
  Effect.flatMap(Effect.service(Database), (database) =>
    Effect.map(activeBuild(database, model), (build) => build?.digest ?? ""),
  );
const stored = (name: string, database: DatabaseLayer) =>
  foldingContract(
    name,
    () => readModels({ run: true }).pipe(Layer.provideMerge(ledgersOn(database))),
    digestOf,
  );

stored("pglite", emptyPglite);
describe("on a server", onPostgres, () => stored("postgres", emptyPostgres));
