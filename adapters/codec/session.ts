import { z } from "zod";
import type { SessionEvent } from "../../domain/session/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { time, uuid, vaultReference } from "./field.ts";
import * as sample from "./samples.ts";

/** Sessions, in the activity ledger. */
export const sessionCodec = eventCodec<SessionEvent>(
  { category: "session", ledger: "activity" },
  {
    SessionStarted: {
      data: z.strictObject({
        userId: uuid,
        method: z.enum(["password", "sign-up", "guest", "setup"]),
        credential: vaultReference,
        expiresAt: time,
      }),
      sample: {
        userId: sample.userId,
        method: "password",
        credential: { id: `session:${sample.sessionId}`, digest: sample.vaultReference.digest },
        expiresAt: sample.time,
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
        ]),
      }),
      sample: { reason: "signed-out" },
    },
  },
);
