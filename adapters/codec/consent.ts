import { z } from "zod";
import type { ConsentEvent } from "../../domain/consent/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { audience, clientId, scope, structural, uuid } from "./field.ts";
import * as sample from "./samples.ts";

/** Scopes of one API at most; so many APIs with so many each fit an entry. */
const SCOPES_MAX = 75;
const RESOURCES_MAX = 5;

/** What people let applications know and do. */
export const consentCodec = eventCodec<ConsentEvent>(
  { category: "consent", ledger: "identity" },
  {
    ConsentGranted: {
      data: z.strictObject({
        userId: uuid,
        clientId,
        terms: structural(/^[\x21\x23-\x7e]{1,512}$/).exactOptional(),
        scopes: z.array(scope).max(SCOPES_MAX),
        resources: z
          .array(z.strictObject({ audience, scopes: z.array(scope).max(SCOPES_MAX) }))
          .max(RESOURCES_MAX),
      }),
      sample: {
        userId: sample.userId,
        clientId: sample.accountId,
        terms: "https://shop.example.com/terms",
        scopes: ["openid", "profile"],
        resources: [{ audience: "https://orders.example.com", scopes: ["orders:read"] }],
      },
    },
    ConsentWithdrawn: { data: z.strictObject({}), sample: {} },
  },
);
