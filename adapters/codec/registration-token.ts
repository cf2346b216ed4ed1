import { z } from "zod";
import type { RegistrationTokenEvent } from "../../domain/registration-token/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { clientId, time, vaultReference } from "./field.ts";
import * as sample from "./samples.ts";

/** Tokens by which applications register themselves. */
export const registrationTokenCodec = eventCodec<RegistrationTokenEvent>(
  { category: "registration-token", ledger: "identity" },
  {
    RegistrationTokenIssued: {
      data: z.strictObject({ secret: vaultReference, uses: z.int().min(1), expiresAt: time }),
      sample: {
        secret: {
          id: `registration-token:${sample.accountId}`,
          digest: sample.vaultReference.digest,
        },
        uses: 5,
        expiresAt: sample.time,
      },
    },
    RegistrationTokenUsed: {
      data: z.strictObject({ clientId }),
      sample: { clientId: sample.accountId },
    },
    RegistrationTokenRevoked: { data: z.strictObject({}), sample: {} },
  },
);
