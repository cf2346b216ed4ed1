import { describe } from "vitest";
import { ledgerContract } from "../../contracts/ledger.contract.ts";
import { emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { ledgersOn } from "../../support/sql-store.ts";

ledgerContract("pglite", () => ledgersOn(emptyPglite));

describe("on a server", onPostgres, () => {
  ledgerContract("postgres", () => ledgersOn(emptyPostgres));
});
