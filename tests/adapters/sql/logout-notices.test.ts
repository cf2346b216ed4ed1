import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { describe } from "vitest";
import { Database } from "../../../adapters/sql/database.ts";
import { layer as notices } from "../../../adapters/sql/logout-notices.ts";
import { logoutNoticesContract } from "../../contracts/logout-notices.contract.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { keysOn } from "../../support/sql-store.ts";

const on = (database: DatabaseLayer) => () => notices.pipe(Layer.provideMerge(keysOn(database)));

const behind = {
  dump: Effect.flatMap(Effect.service(Database), ({ query }) =>
    Effect.map(
      query<{ row: string }>("SELECT n::TEXT AS row FROM authledger.logout_notices n"),
      (rows) => rows.map(({ row }) => row).join("\n"),
    ),
  ),
  redirect: (id: string, clientId: string) =>
    Effect.flatMap(Effect.service(Database), ({ query }) =>
      query("UPDATE authledger.logout_notices SET client_id = $2 WHERE id = $1", [id, clientId]),
    ),
};

logoutNoticesContract("pglite", on(emptyPglite), behind);
describe("on a server", onPostgres, () => {
  logoutNoticesContract("postgres", on(emptyPostgres), behind);
});
