import fc from "fast-check";
import type { ResourceServerCommand } from "../../domain/resource-server/mod.ts";

const scope = fc.record({
  name: fc.constantFrom("orders:read", "orders:write", "openid", "two words"),
  description: fc.constantFrom("See your orders", "Change your orders"),
});
const scopes = fc.array(scope, { maxLength: 2 });
const signingAlgorithm = fc.constantFrom("ES256" as const, "RS256" as const);
const name = fc.constantFrom("Orders", "Sales");

export const resourceServerCommand: fc.Arbitrary<ResourceServerCommand> = fc.oneof(
  fc.record(
    {
      type: fc.constant("RegisterResourceServer" as const),
      audience: fc.constantFrom("https://orders.example.com", "orders"),
      name,
      scopes,
      signingAlgorithm,
    },
    { requiredKeys: ["type", "audience", "name", "scopes"] },
  ),
  fc.record({
    type: fc.constant("ReviseResourceServer" as const),
    changes: fc.record({ name, scopes, signingAlgorithm }, { requiredKeys: [] }),
  }),
  fc.record({ type: fc.constant("RemoveResourceServer" as const) }),
);
