import fc from "fast-check";
import type { RegistrationTokenCommand } from "../../domain/registration-token/mod.ts";

const times = ["2026-11-21T00:00:00.000Z", "2026-11-22T00:00:00.000Z", "2026-11-23T00:00:00.000Z"];
const time = fc.constantFrom(...times);
const secret = fc.constantFrom(
  { id: "registration-token:one", digest: "0".repeat(64) },
  { id: "registration-token:two", digest: "1".repeat(64) },
);

export const registrationTokenCommand: fc.Arbitrary<RegistrationTokenCommand> = fc.oneof(
  fc.record({
    type: fc.constant("IssueRegistrationToken" as const),
    secret,
    uses: fc.integer({ min: 0, max: 3 }),
    expiresAt: time,
  }),
  fc.record({
    type: fc.constant("UseRegistrationToken" as const),
    clientId: fc.constantFrom("shop", "page", "app", "job"),
    now: time,
  }),
  fc.record({ type: fc.constant("RevokeRegistrationToken" as const) }),
);
