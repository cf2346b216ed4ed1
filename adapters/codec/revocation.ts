import { z } from "zod";
import type { RevocationEvent } from "../../domain/revocation/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { uuid } from "./field.ts";
import * as sample from "./samples.ts";

/** Revocations of many sessions at once, in the activity ledger. */
export const revocationCodec = eventCodec<RevocationEvent>(
  { category: "revocation", ledger: "activity" },
  {
    SessionsRevoked: {
      data: z.strictObject({ except: uuid.exactOptional() }),
      sample: { except: sample.sessionId },
    },
  },
);
