import { z } from "zod";
import { BROWSERS, type SessionEvent, SYSTEMS } from "../../domain/session/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { personal, time, uuid, vaultReference } from "./field.ts";
import * as sample from "./samples.ts";

/** Sessions, in the activity ledger. */
export const sessionCodec = eventCodec<SessionEvent>(
  { category: "session", ledger: "activity" },
  {
    SessionStarted: {
      data: z.strictObject({
        userId: uuid,
        method: z.enum([
          "password",
          "sign-up",
          "guest",
          "setup",
          "magic-link",
          "provider",
          "impersonation",
        ]),
        credential: vaultReference,
        expiresAt: time,
        device: z.enum(["known", "new"]).exactOptional(),
        impersonator: z.strictObject({ userId: uuid, sessionId: uuid }).exactOptional(),
        reason: personal("session.reason", "user").exactOptional(),
        browser: z.enum(BROWSERS).exactOptional(),
        system: z.enum(SYSTEMS).exactOptional(),
      }),
      sample: {
        userId: sample.userId,
        method: "password",
        credential: { id: `session:${sample.sessionId}`, digest: sample.vaultReference.digest },
        expiresAt: sample.time,
        device: "known",
        impersonator: { userId: sample.accountId, sessionId: sample.sessionId },
        reason: sample.sealed,
        browser: "Firefox",
        system: "Linux",
      },
    },
    SessionElevated: {
      data: z.strictObject({ method: z.literal("password"), credential: vaultReference }),
      sample: {
        method: "password",
        credential: { id: `session:${sample.sessionId}`, digest: sample.vaultReference.digest },
      },
    },
    CredentialExchanged: {
      data: z.strictObject({ credential: vaultReference }),
      sample: {
        credential: { id: `session:${sample.sessionId}`, digest: sample.vaultReference.digest },
      },
    },
    SessionEnded: {
      data: z.strictObject({
        reason: z.enum([
          "signed-out",
          "revoked",
          "blocked",
          "erased",
          "password-replaced",
          "promoted",
          "rotated",
          "expired",
          "email-replaced",
          "username-chosen",
          "password-removed",
          "provider-unlinked",
          "merged",
          "impersonation-ended",
          "role-lost",
        ]),
      }),
      sample: { reason: "signed-out" },
    },
  },
);
