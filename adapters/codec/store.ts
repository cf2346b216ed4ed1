import { z } from "zod";
import { STORE_NAME, type StoreEvent } from "../../domain/store/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { structural } from "./field.ts";

/** Authorization stores. */
export const storeCodec = eventCodec<StoreEvent>(
  { category: "store", ledger: "identity" },
  {
    StoreCreated: {
      data: z.strictObject({ name: structural(STORE_NAME) }),
      sample: { name: "Documents" },
    },
  },
);
