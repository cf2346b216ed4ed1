import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { describe } from "vitest";
import { layer as answers } from "../../../adapters/sql/answers.ts";
import { Database } from "../../../adapters/sql/database.ts";
import { migrate } from "../../../adapters/sql/migrate.ts";
import { answersContract } from "../../contracts/answers.contract.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";

const passes = (ms: number) =>
  Effect.flatMap(Effect.service(Database), ({ query }) =>
    query("UPDATE authledger.answers SET begun_at = begun_at - make_interval(secs => $1)", [
      ms / 1_000,
    ]),
  );
const stored = (name: string, database: DatabaseLayer) =>
  answersContract(
    name,
    () =>
      answers.pipe(
        Layer.provideMerge(Layer.effectDiscard(migrate).pipe(Layer.provideMerge(database))),
      ),
    passes,
  );

stored("pglite", emptyPglite);
describe("on a server", onPostgres, () => stored("postgres", emptyPostgres));
