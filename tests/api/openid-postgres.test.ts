import { describe } from "vitest";
import { emptyPostgres } from "../support/databases.ts";
import { onPostgres } from "../support/postgres.ts";
import { openidSuite } from "./openid-suite.ts";
import { sqlServices } from "./sql-services.ts";

describe("on a server", onPostgres, () => {
  openidSuite("postgres", () => sqlServices(emptyPostgres));
});
