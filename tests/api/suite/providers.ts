import type { Stage } from "../suite.ts";
import { acme } from "./acme.ts";
import { answerTests } from "./provider-answers.ts";
import { arrivalTests } from "./provider-arrivals.ts";
import { configurationTests } from "./provider-configuration.ts";
import { linkTests } from "./provider-links.ts";
import { providerSetUpTests } from "./provider-set-up.ts";

/** People who come from another issuer. */
export function providerTests(stage: Stage): void {
  const at = acme(stage);
  arrivalTests(at);
  answerTests(at);
  linkTests(at);
  providerSetUpTests(at);
  configurationTests(at);
}
