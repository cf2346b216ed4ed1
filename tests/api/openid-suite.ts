import { afterAll, beforeAll, describe } from "vitest";
import { assertionTests } from "./openid/assertions.ts";
import { attackTests } from "./openid/attacks.ts";
import { backchannelLogoutTests, expiredLogoutTests } from "./openid/backchannel-logout.ts";
import { codeFlowTests } from "./openid/code-flow.ts";
import { deviceTests } from "./openid/device.ts";
import { logoutTests } from "./openid/logout.ts";
import { machineTests } from "./openid/machines.ts";
import { ownApiTests } from "./openid/own-api.ts";
import { plainTests } from "./openid/plain.ts";
import { proofTests } from "./openid/proofs.ts";
import { refreshTests } from "./openid/refresh.ts";
import { rotationTests } from "./openid/rotations.ts";
import { protocolThrottleTests } from "./openid/throttles.ts";
import { type OpenidWorld, openidWorld } from "./openid-world.ts";
import type { MakeServices } from "./world.ts";

const surfaces = {
  machines: machineTests,
  assertions: assertionTests,
  plain: plainTests,
  "code flow": codeFlowTests,
  "back-channel logout": backchannelLogoutTests,
  // From here on hours pass, which whoever signed in before does not survive.
  refresh: refreshTests,
  device: deviceTests,
  proofs: proofTests,
  logout: logoutTests,
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
