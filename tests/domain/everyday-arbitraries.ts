import fc from "fast-check";
import type { DisclosureCommand } from "../../domain/disclosure/mod.ts";
import type { GuestsCommand } from "../../domain/guests/mod.ts";
import { MAIL_PURPOSES, MAIL_TEMPLATES, type MailCommand } from "../../domain/mail/mod.ts";
import type { RecoveryCommand } from "../../domain/recovery/mod.ts";
import type { RevocationCommand } from "../../domain/revocation/mod.ts";
import type { SessionCommand } from "../../domain/session/mod.ts";
import type { SignInCommand } from "../../domain/sign-in/mod.ts";
import { id, reference, sealed, time } from "./arbitraries.ts";

/* Commands about what people and the server do every day; small pools, as in arbitraries.ts. */

export const sessionCommand: fc.Arbitrary<SessionCommand> = fc.oneof(
  fc.record(
    {
      type: fc.constant("StartSession" as const),
      userId: id,
      method: fc.constantFrom("password", "sign-up", "guest", "setup", "impersonation"),
      credential: reference,
      expiresAt: time,
      device: fc.constantFrom("known", "new"),
      impersonator: fc.record({ userId: id, sessionId: id }),
      reason: sealed,
    },
    { requiredKeys: ["type", "userId", "method", "credential", "expiresAt"] },
  ),
  fc.record({
    type: fc.constant("ElevateSession" as const),
    method: fc.constant("password" as const),
    from: reference,
    credential: reference,
  }),
  fc.record({
    type: fc.constant("ExchangeCredential" as const),
    from: reference,
    credential: reference,
  }),
  fc.record({
    type: fc.constant("EndSession" as const),
    reason: fc.constantFrom(
      "signed-out",
      "revoked",
      "blocked",
      "erased",
      "password-replaced",
      "promoted",
      "rotated",
      "expired",
      "role-lost",
    ),
  }),
);

export const guestsCommand: fc.Arbitrary<GuestsCommand> = fc.record({
  type: fc.constant("ReviseLimits" as const),
  perAddressPerHour: fc.constantFrom(1, 5),
  max: fc.constantFrom(1, 5_000),
});

export const disclosureCommand: fc.Arbitrary<DisclosureCommand> = fc.record({
  type: fc.constant("OpenPersonalData" as const),
  userId: id,
  what: fc.constant("export" as const),
});

export const recoveryCommand: fc.Arbitrary<RecoveryCommand> = fc.record({
  type: fc.constant("IssueArchitectLink" as const),
  userId: id,
  expiresAt: time,
});

export const revocationCommand: fc.Arbitrary<RevocationCommand> = fc.record(
  { type: fc.constant("RevokeSessions" as const), except: id },
  { requiredKeys: ["type"] },
);

export const signInCommand: fc.Arbitrary<SignInCommand> = fc.oneof(
  fc.record(
    {
      type: fc.constant("RejectSignIn" as const),
      userId: id,
      reason: fc.constantFrom(
        "unknown-identifier",
        "no-password",
        "wrong-password",
        "blocked",
        "email-unverified",
        "erased",
      ),
    },
    { requiredKeys: ["type", "reason"] },
  ),
  fc.record({
    type: fc.constant("ThrottleSignIn" as const),
    bucket: fc.constantFrom("sign-in", "set-up"),
  }),
);

const attempt = {
  template: fc.constantFrom(...MAIL_TEMPLATES),
  cause: id,
  attempt: fc.integer({ min: 1, max: 4 }),
};
export const mailCommand: fc.Arbitrary<MailCommand> = fc.oneof(
  fc.record(
    {
      type: fc.constant("RequestMail" as const),
      purpose: fc.constantFrom(...MAIL_PURPOSES),
      userId: id,
      email: sealed,
      redirectTo: sealed,
      newcomer: fc.constant(true as const),
      session: id,
      era: fc.nat(),
    },
    { requiredKeys: ["type", "purpose", "userId"] },
  ),
  fc.constant({ type: "LapseMail" as const }),
  fc.record({ type: fc.constant("RecordSent" as const), ...attempt }),
  fc.record({
    type: fc.constant("RecordFailed" as const),
    ...attempt,
    code: fc.constantFrom("smtp_451", "timeout"),
    final: fc.boolean(),
  }),
);
