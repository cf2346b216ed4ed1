import { afterAll, beforeAll, describe, expect, onTestFinished } from "vitest";
import { adminPageTests } from "./suite/admin-pages.ts";
import { administrationTests } from "./suite/administration.ts";
import { architectLinkTests } from "./suite/architect-links.ts";
import { clientPageTests } from "./suite/client-pages.ts";
import { clientTests } from "./suite/clients.ts";
import { crossingTests } from "./suite/crossing.ts";
import { doorTests } from "./suite/doors.ts";
import { emailProofTests } from "./suite/email-proofs.ts";
import { erasureTests } from "./suite/erasure.ts";
import { exportTests } from "./suite/export.ts";
import { guestLimitTests } from "./suite/guest-limits.ts";
import { guestTests } from "./suite/guests.ts";
import { idempotencyTests } from "./suite/idempotency.ts";
import { impersonationTests } from "./suite/impersonation.ts";
import { inputTests } from "./suite/input.ts";
import { invitationTests } from "./suite/invitations.ts";
import { invitationCrossingTests } from "./suite/invitations-crossing.ts";
import { keyTests } from "./suite/keys.ts";
import { ledgerTests } from "./suite/ledger.ts";
import { magicLinkTests } from "./suite/magic-link.ts";
import { mailTests } from "./suite/mail.ts";
import { mailedPageTests } from "./suite/mailed-pages.ts";
import { meTests } from "./suite/me.ts";
import { operationTests } from "./suite/operations.ts";
import { originTests } from "./suite/origins.ts";
import { ownNameTests } from "./suite/own-names.ts";
import { pageTests } from "./suite/pages.ts";
import { passwordResetTests } from "./suite/password-reset.ts";
import { providerTests } from "./suite/providers.ts";
import { rehashTests } from "./suite/rehash.ts";
import { resourceServerTests } from "./suite/resource-servers.ts";
import { roleTests } from "./suite/roles.ts";
import { searchTests } from "./suite/search.ts";
import { sessionEndTests } from "./suite/session-ends.ts";
import { sessionTests } from "./suite/sessions.ts";
import { setUpTests } from "./suite/set-up.ts";
import { unseenSignUpTests } from "./suite/sign-up-unseen.ts";
import { storeTests } from "./suite/stores.ts";
import { takeoverTests } from "./suite/takeovers.ts";
import { throttleTests } from "./suite/throttles.ts";
import { userTests } from "./suite/users.ts";
import { verifyTests } from "./suite/verify.ts";
import { type Backing, type MakeServices, type World, world } from "./world.ts";

/** A world made before the first test of a group, and one more for those that need it untouched. */
export type Stage = {
  readonly here: () => World;
  readonly fresh: (
    changed?: Parameters<typeof world>[1],
    /** What the test puts between the API and its store. */
    around?: (services: Backing["services"]) => Backing["services"],
  ) => Promise<World>;
};

const surfaces = {
  "set-up": setUpTests,
  doors: doorTests,
  sessions: sessionTests,
  "session ends": sessionEndTests,
  verify: verifyTests,
  impersonation: impersonationTests,
  crossing: crossingTests,
  "links of architects": architectLinkTests,
  me: meTests,
  mail: mailTests,
  users: userTests,
  search: searchTests,
  administration: administrationTests,
  roles: roleTests,
  export: exportTests,
  "guest limits": guestLimitTests,
  erasure: erasureTests,
  clients: clientTests,
  "client pages": clientPageTests,
  "resource servers": resourceServerTests,
  keys: keyTests,
  providers: providerTests,
  stores: storeTests,
  ledger: ledgerTests,
  operations: operationTests,
  origins: originTests,
  idempotency: idempotencyTests,
  input: inputTests,
  throttles: throttleTests,
  rehash: rehashTests,
  "magic link": magicLinkTests,
  "proofs of an address": emailProofTests,
  "password reset": passwordResetTests,
  pages: pageTests,
  "pages that mails lead to": mailedPageTests,
  "pages of the administration": adminPageTests,
  "names of ones own": ownNameTests,
  takeovers: takeoverTests,
  guests: guestTests,
  invitations: invitationTests,
  "invitations that are crossed": invitationCrossingTests,
  "unseen sign-up": unseenSignUpTests,
};

/** The whole API over one store; every store runs it. */
export function apiSuite(name: string, makeServices: MakeServices): void {
  for (const [surface, tests] of Object.entries(surfaces)) {
    describe(`API over ${name}: ${surface}`, () => {
      let shared: World;
      const others: Array<World> = [];
      beforeAll(async () => {
        shared = await world(makeServices);
      });
      afterAll(async () => {
        for (const each of [shared, ...others]) await each.close();
      });
      const fresh: Stage["fresh"] = async (changed, around = (services) => services) => {
        const made = await world(async () => {
          const { services, close } = await makeServices();
          return { services: around(services), close };
        }, changed);
        // Closed with its test: a world of Postgres holds connections.
        if (expect.getState().currentTestName === undefined) others.push(made);
        else onTestFinished(() => made.close());
        return made;
      };
      tests({ here: () => shared, fresh });
    });
  }
}
