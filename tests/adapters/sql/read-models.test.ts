import * as Layer from "effect/Layer";
import { describe } from "vitest";
import { layer as readModels } from "../../../adapters/sql/read-models.ts";
import { counts } from "../../contracts/counts.ts";
import { readModelsContract } from "../../contracts/read-models.contract.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { ledgersOn } from "../../support/sql-store.ts";

const withCounts = (database: DatabaseLayer) =>
  readModels({ run: true, models: [counts] }).pipe(Layer.provideMerge(ledgersOn(database)));

readModelsContract("pglite", () => withCounts(emptyPglite));

describe("on a server", onPostgres, () => {
  readModelsContract("postgres", () => withCounts(emptyPostgres));
});
