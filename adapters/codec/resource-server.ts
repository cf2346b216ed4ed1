import { z } from "zod";
import { SIGNING_ALGORITHMS } from "../../domain/keyring/mod.ts";
import type { ResourceServerEvent } from "../../domain/resource-server/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { audience, scope, structural } from "./field.ts";

/** So many, each of the longest name and description, fit an entry. */
const SCOPES_MAX = 75;
const LINE = /^[^\p{Cc}\p{Cs}]{1,200}$/u;

const metadata = {
  name: structural(/^[^\p{Cc}\p{Cs}]{1,100}$/u),
  scopes: z
    .array(
      z.strictObject({
        name: scope,
        description: structural(LINE),
      }),
    )
    .max(SCOPES_MAX),
  signingAlgorithm: z.enum(SIGNING_ALGORITHMS).exactOptional(),
};
const orders = {
  name: "Orders",
  scopes: [{ name: "orders:read", description: "See your orders" }],
};

/** APIs that access tokens are issued for. */
export const resourceServerCodec = eventCodec<ResourceServerEvent>(
  { category: "resource-server", ledger: "identity" },
  {
    ResourceServerRegistered: {
      data: z.strictObject({ audience, ...metadata }),
      sample: { audience: "https://orders.example.com", ...orders },
    },
    ResourceServerRevised: {
      data: z.strictObject(metadata),
      sample: { ...orders, signingAlgorithm: "RS256" },
    },
    ResourceServerRemoved: { data: z.strictObject({}), sample: {} },
  },
);
