import { z } from "zod";
import type { ProviderEvent } from "../../domain/provider/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { scope, structural, vaultReference } from "./field.ts";

/** More than any issuer knows. */
const SCOPES_MAX = 20;

const metadata = {
  name: structural(/^[^\p{Cc}\p{Cs}]{1,100}$/u),
  clientId: structural(/^[\x20-\x7e]{1,512}$/),
  scopes: z.array(scope).min(1).max(SCOPES_MAX),
  authMethod: z.enum(["client_secret_basic", "client_secret_post", "none"]),
  origin: z.enum(["architect", "environment"]),
  secret: vaultReference.exactOptional(),
};
const acme = {
  name: "Acme",
  clientId: "authledger",
  scopes: ["openid", "email", "profile"],
  authMethod: "client_secret_basic",
  origin: "architect",
  secret: { id: "provider-secret:1", digest: "0".repeat(64) },
} as const;

/** Outside issuers that people may sign in with. */
export const providerCodec = eventCodec<ProviderEvent>(
  { category: "provider", ledger: "identity" },
  {
    ProviderOpened: {
      data: z.strictObject({ issuer: structural(/^[\x21-\x7e]{1,512}$/), ...metadata }),
      sample: { issuer: "https://id.acme.example", ...acme },
    },
    ProviderRevised: { data: z.strictObject(metadata), sample: acme },
    ProviderClosed: { data: z.strictObject({}), sample: {} },
  },
);
