import fc from "fast-check";
import type { ProviderCommand } from "../../domain/provider/mod.ts";
import { reference } from "./arbitraries.ts";

const by = fc.constantFrom("architect" as const, "environment");
const metadata = {
  name: fc.constantFrom("Acme", "ACME"),
  clientId: fc.constantFrom("authledger", "another"),
  scopes: fc.constantFrom(["openid"], ["openid", "email"], ["email"]),
  authMethod: fc.constantFrom("client_secret_basic" as const, "none"),
};

export const providerCommand: fc.Arbitrary<ProviderCommand> = fc.oneof(
  fc.record(
    {
      type: fc.constant("OpenProvider" as const),
      id: fc.constantFrom("acme", "Acme"),
      by,
      issuer: fc.constantFrom("https://id.acme.example", "https://id.other.example", "acme"),
      ...metadata,
      secret: reference,
    },
    { requiredKeys: ["type", "id", "by", "issuer", "name", "clientId", "scopes", "authMethod"] },
  ),
  fc.record(
    {
      type: fc.constant("ReviseProvider" as const),
      by,
      changes: fc.record(metadata, { requiredKeys: [] }),
      secret: reference,
    },
    { requiredKeys: ["type", "by", "changes"] },
  ),
  fc.record({ type: fc.constant("CloseProvider" as const), by }),
);
