import { z } from "zod";
import type { DisclosureEvent } from "../../domain/disclosure/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { uuid } from "./field.ts";
import * as sample from "./samples.ts";

/** Who was shown what is personal, in the activity ledger. */
export const disclosureCodec = eventCodec<DisclosureEvent>(
  { category: "disclosure", ledger: "activity" },
  {
    PersonalDataOpened: {
      data: z.strictObject({ userId: uuid, what: z.enum(["export", "events"]) }),
      sample: { userId: sample.userId, what: "export" },
    },
  },
);
