import { emptyPglite } from "../support/databases.ts";
import { sqlServices } from "./sql-services.ts";
import { apiSuite } from "./suite.ts";

apiSuite("pglite", () => sqlServices(emptyPglite));
