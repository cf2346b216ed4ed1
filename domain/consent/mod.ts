import type { Decider } from "../decider.ts";
import { covers } from "./agreed.ts";
import { type ConsentCommand, type ConsentOutcome, decide } from "./decide.ts";
import type { Agreed, ConsentEvent, ResourceScopes } from "./events.ts";
import { type Consent, evolve, initial } from "./evolve.ts";
import { OPENID_SCOPES, SCOPE_CLAIMS, scopeOfClaim } from "./openid-scopes.ts";

export type { Agreed, Consent, ConsentCommand, ConsentEvent, ConsentOutcome, ResourceScopes };
export { covers, OPENID_SCOPES, SCOPE_CLAIMS, scopeOfClaim };

/** What one person lets one application know and do, in a stream of the two. */
export const consent: Decider<Consent, ConsentCommand, ConsentEvent, ConsentOutcome> = {
  category: "consent",
  initial,
  evolve,
  decide,
};
