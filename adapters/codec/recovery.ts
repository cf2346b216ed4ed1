import { z } from "zod";
import type { RecoveryEvent } from "../../domain/recovery/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { time, uuid } from "./field.ts";
import * as sample from "./samples.ts";

/** Ways in that an operator opened, in the activity ledger. */
export const recoveryCodec = eventCodec<RecoveryEvent>(
  { category: "recovery", ledger: "activity" },
  {
    ArchitectLinkIssued: {
      data: z.strictObject({ userId: uuid, expiresAt: time }),
      sample: { userId: sample.userId, expiresAt: sample.time },
    },
  },
);
