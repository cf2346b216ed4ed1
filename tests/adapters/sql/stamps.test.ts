import * as Layer from "effect/Layer";
import { describe } from "vitest";
import { migrate } from "../../../adapters/sql/migrate.ts";
import { layer as stamps } from "../../../adapters/sql/stamps.ts";
import { stampsContract } from "../../contracts/stamps.contract.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";

const stored = (name: string, database: DatabaseLayer) =>
  stampsContract(name, () =>
    stamps.pipe(
      Layer.provideMerge(Layer.effectDiscard(migrate).pipe(Layer.provideMerge(database))),
    ),
  );

stored("pglite", emptyPglite);
describe("on a server", onPostgres, () => stored("postgres", emptyPostgres));
