import { z } from "zod";
import type { SignInEvent } from "../../domain/sign-in/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { uuid } from "./field.ts";
import * as sample from "./samples.ts";

/** Refused sign-ins, in the activity ledger. */
export const signInCodec = eventCodec<SignInEvent>(
  { category: "sign-in", ledger: "activity" },
  {
    SignInRejected: {
      data: z.strictObject({
        userId: uuid.exactOptional(),
        reason: z.enum([
          "unknown-identifier",
          "no-password",
          "wrong-password",
          "blocked",
          "email-unverified",
          "erased",
        ]),
      }),
      sample: { userId: sample.userId, reason: "wrong-password" },
    },
    SignInThrottled: {
      data: z.strictObject({ bucket: z.enum(["sign-in", "set-up"]) }),
      sample: { bucket: "sign-in" },
    },
  },
);
