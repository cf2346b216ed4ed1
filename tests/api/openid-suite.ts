import { afterAll, beforeAll, describe } from "vitest";
import { accessTests } from "./openid/access.ts";
import { assertionTests } from "./openid/assertions.ts";
import { attackTests } from "./openid/attacks.ts";
import { backchannelLogoutTests, expiredLogoutTests } from "./openid/backchannel-logout.ts";
import { codeFlowTests } from "./openid/code-flow.ts";
import { codeTests } from "./openid/codes.ts";
import { deviceTests } from "./openid/device.ts";
import { externalDoorTests } from "./openid/external-door.ts";
import { frontChannelTests } from "./openid/front-channel.ts";
import { headerTests } from "./openid/headers.ts";
import { logoutTests } from "./openid/logout.ts";
import { machineTests } from "./openid/machines.ts";
import { managementTests } from "./openid/management.ts";
import { ownApiTests } from "./openid/own-api.ts";
import { plainTests } from "./openid/plain.ts";
import { proofTests } from "./openid/proofs.ts";
import { refreshTests } from "./openid/refresh.ts";
import { registrationLapseTests, registrationTests } from "./openid/registration.ts";
import { rotationTests } from "./openid/rotations.ts";
import { standingTests } from "./openid/standing.ts";
import { protocolThrottleTests } from "./openid/throttles.ts";
import { type OpenidWorld, openidWorld } from "./openid-world.ts";
import type { MakeServices } from "./world.ts";

const surfaces = {
  machines: machineTests,
  assertions: assertionTests,
  // Before others set the clock on: roles are given by who has just proved to be who they are.
  registration: registrationTests,
  "external door": externalDoorTests,
  "management of oneself": managementTests,
  plain: plainTests,
  access: accessTests,
  "code flow": codeFlowTests,
  codes: codeTests,
  "front channel": frontChannelTests,
  "back-channel logout": backchannelLogoutTests,
  "the end of a registration token": registrationLapseTests,
  // From here on hours pass, which whoever signed in before does not survive.
  refresh: refreshTests,
  device: deviceTests,
  proofs: proofTests,
  standing: standingTests,
  logout: logoutTests,
  headers: headerTests,
  "our own API": ownApiTests,
  throttles: protocolThrottleTests,
  attacks: attackTests,
  "sessions that expired": expiredLogoutTests,
};

/** The protocol over one store, asked over a socket by real clients. */
export function openidSuite(name: string, makeServices: MakeServices) {
  describe(`OpenID Connect on ${name}`, () => {
    let w: OpenidWorld;
    beforeAll(async () => {
      w = await openidWorld(makeServices);
    });
    afterAll(() => w.close());
    for (const [surface, tests] of Object.entries(surfaces)) {
      describe(surface, () => tests(() => w));
    }
    describe("rotations", () => rotationTests(makeServices));
  });
}
