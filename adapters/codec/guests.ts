import { z } from "zod";
import type { GuestsEvent } from "../../domain/guests/mod.ts";
import { eventCodec } from "./event-codec.ts";

/** The door for guests. */
export const guestsCodec = eventCodec<GuestsEvent>(
  { category: "guests", ledger: "identity" },
  {
    GuestLimitsRevised: {
      data: z.strictObject({ perAddressPerHour: z.int().min(1), max: z.int().min(1) }),
      sample: { perAddressPerHour: 5, max: 5_000 },
    },
  },
);
