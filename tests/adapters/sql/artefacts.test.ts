import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { describe } from "vitest";
import { layer as artefacts } from "../../../adapters/sql/artefacts.ts";
import { Database } from "../../../adapters/sql/database.ts";
import { artefactsContract } from "../../contracts/artefacts.contract.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { keysOn } from "../../support/sql-store.ts";

const on = (database: DatabaseLayer) => () => artefacts.pipe(Layer.provideMerge(keysOn(database)));

const dump = Effect.flatMap(Effect.service(Database), ({ query }) =>
  Effect.map(query<{ row: string }>("SELECT a::TEXT AS row FROM authledger.artefacts a"), (rows) =>
    rows.map(({ row }) => row).join("\n"),
  ),
);

artefactsContract("pglite", on(emptyPglite), dump);
describe("on a server", onPostgres, () => {
  artefactsContract("postgres", on(emptyPostgres), dump);
});
