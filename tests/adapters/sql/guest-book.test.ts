import * as Layer from "effect/Layer";
import { describe } from "vitest";
import { layer as guestBook } from "../../../adapters/sql/guest-book.ts";
import { migrate } from "../../../adapters/sql/migrate.ts";
import { guestBookContract } from "../../contracts/guest-book.contract.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";

const stored = (name: string, database: DatabaseLayer) =>
  guestBookContract(name, () =>
    guestBook.pipe(
      Layer.provideMerge(
        Layer.effectDiscard(migrate).pipe(Layer.provideMerge(Layer.fresh(database))),
      ),
    ),
  );

stored("pglite", emptyPglite);
describe("on a server", onPostgres, () => stored("postgres", emptyPostgres));
