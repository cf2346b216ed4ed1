import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { afterAll, beforeAll, describe } from "vitest";
import { Database } from "../../../adapters/sql/database.ts";
import { layer as ledgers } from "../../../adapters/sql/ledger.ts";
import { layer as mail } from "../../../adapters/sql/mail.ts";
import { knownDevicesContract } from "../../contracts/known-devices.contract.ts";
import { oneTimeTokensContract } from "../../contracts/one-time-tokens.contract.ts";
import { outboxContract } from "../../contracts/outbox.contract.ts";
import {
  type DatabaseLayer,
  emptyPglite,
  emptyPostgres,
  type OwnPostgres,
  ownPostgres,
} from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { keysOn } from "../../support/sql-store.ts";

const on = (database: DatabaseLayer) => () =>
  mail.pipe(Layer.provideMerge(ledgers), Layer.provideMerge(keysOn(database)));

const dump = (table: string) =>
  Effect.flatMap(Effect.service(Database), ({ query }) =>
    Effect.map(query<{ row: string }>(`SELECT t::TEXT AS row FROM authledger.${table} t`), (rows) =>
      rows.map(({ row }) => row).join("\n"),
    ),
  );
/** Of the newest token, since those before are late. */
const edit = (column: string, value: string) =>
  Effect.flatMap(Effect.service(Database), ({ query }) =>
    query(
      `UPDATE authledger.one_time_tokens SET ${column} = $1
       WHERE digest = (SELECT digest FROM authledger.one_time_tokens
         ORDER BY issued_at DESC LIMIT 1)`,
      [value],
    ),
  );
const kept = { dump: dump("one_time_tokens"), edit };

oneTimeTokensContract("pglite", on(emptyPglite), kept);
outboxContract("pglite", on(emptyPglite));
knownDevicesContract("pglite", on(emptyPglite), dump("known_devices"));

describe("on a server", onPostgres, () => {
  outboxContract("postgres", on(emptyPostgres));
  knownDevicesContract("postgres", on(emptyPostgres), dump("known_devices"));
  let own: OwnPostgres;
  beforeAll(async () => {
    own = await ownPostgres();
  });
  afterAll(() => own.drop());
  const there = () => on(own.connect())();
  oneTimeTokensContract("postgres", there, { ...kept, again: there });
});
