import { z } from "zod";
import type { ArchitectsEvent } from "../../domain/architects/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { uuid } from "./field.ts";
import { userId } from "./samples.ts";

/** Who owns this server. */
export const architectsCodec = eventCodec<ArchitectsEvent>(
  { category: "architects", ledger: "identity" },
  {
    ArchitectAppointed: {
      data: z.strictObject({ userId: uuid, first: z.boolean() }),
      sample: { userId, first: true },
    },
    ArchitectDismissed: { data: z.strictObject({ userId: uuid }), sample: { userId } },
  },
);
