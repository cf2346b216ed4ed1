import { describe } from "vitest";
import { emptyPostgres } from "../support/databases.ts";
import { onPostgres } from "../support/postgres.ts";
import { sqlServices } from "./sql-services.ts";
import { apiSuite } from "./suite.ts";

describe("one server and its database", onPostgres, () => {
  apiSuite("postgres", () => sqlServices(emptyPostgres));
});
