import { emptyPglite } from "../support/databases.ts";
import { openidSuite } from "./openid-suite.ts";
import { sqlServices } from "./sql-services.ts";

openidSuite("pglite", () => sqlServices(emptyPglite));
