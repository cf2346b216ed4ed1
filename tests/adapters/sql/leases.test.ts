import * as Layer from "effect/Layer";
import { describe } from "vitest";
import { layer as leases } from "../../../adapters/sql/leases.ts";
import { migrate } from "../../../adapters/sql/migrate.ts";
import { leasesContract } from "../../contracts/leases.contract.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";

const stored = (name: string, database: DatabaseLayer) =>
  leasesContract(name, () =>
    leases.pipe(
      Layer.provideMerge(Layer.effectDiscard(migrate).pipe(Layer.provideMerge(database))),
    ),
  );

stored("pglite", emptyPglite);
describe("on a server", onPostgres, () => stored("postgres", emptyPostgres));
