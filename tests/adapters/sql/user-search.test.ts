import * as Layer from "effect/Layer";
import { describe } from "vitest";
import { layer as userSearch } from "../../../adapters/sql/user-search.ts";
import { userSearchContract } from "../../contracts/user-search.contract.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { keysOn } from "../../support/sql-store.ts";

const stored = (name: string, database: DatabaseLayer) =>
  userSearchContract(name, () =>
    userSearch("user-search").pipe(Layer.provideMerge(Layer.fresh(keysOn(database)))),
  );

stored("pglite", emptyPglite);
describe("on a server", onPostgres, () => stored("postgres", emptyPostgres));
