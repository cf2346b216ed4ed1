import fc from "fast-check";
import {
  API_SCOPES,
  AUTH_METHODS,
  CLIENT_TYPES,
  type ClientCommand,
  DEFAULTS,
} from "../../domain/client/mod.ts";
import { web } from "./a-client.ts";

const id = fc.constantFrom(
  "0b6f4c1e-6d0a-4c53-9a0f-6f7a3f2f5c11",
  "5f1c2a34-9f59-4f0e-8f3d-2f6f0b7f9d20",
  "9e2b7c7a-3a55-4b1c-8a5e-1d2c3b4a5968",
);
const issued = id.map((secretId) => ({
  secretId,
  secret: { id: `client-secret:${secretId}`, digest: "0".repeat(64) },
}));
const uris = fc.constantFrom([], ["https://a.example/cb"], ["https://*.example/"]);
const address = fc.constantFrom("https://a.example/", "javascript:alert(1)");

/** Some of what may be said, sound and not; the rest is what the type begins with. */
const said = fc.record(
  {
    name: fc.constantFrom("Shop", "Market"),
    tokenEndpointAuthMethod: fc.constantFrom(...AUTH_METHODS),
    redirectUris: uris,
    scopes: fc.subarray([...API_SCOPES], { maxLength: 2 }),
    skipConsent: fc.boolean(),
    logoUri: address,
    jwksUri: address,
  },
  { requiredKeys: [] },
);

export const clientCommand: fc.Arbitrary<ClientCommand> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({
        kind: fc.constantFrom(...CLIENT_TYPES),
        said,
        trusting: fc.boolean(),
        first: issued.chain((secret) => fc.constantFrom({ secret }, {})),
      })
      .map(({ kind, said: { ...members }, trusting, first }) => ({
        type: "RegisterClient" as const,
        kind,
        metadata: { ...web, ...DEFAULTS[kind], ...members },
        trusting,
        ...first,
      })),
  },
  fc
    .record({
      said,
      cleared: fc.boolean(),
      trusting: fc.boolean(),
      switched: fc.constantFrom({}, { disabled: true }, { disabled: false }),
    })
    .map(({ said: changes, cleared, trusting, switched }) => ({
      type: "ReviseClient" as const,
      changes: cleared ? { ...changes, logoUri: null } : changes,
      trusting,
      ...switched,
    })),
  fc
    .tuple(issued, fc.boolean())
    .map(([secret, trusting]) => ({ type: "IssueSecret" as const, trusting, ...secret })),
  id.map((secretId) => ({ type: "RevokeSecret" as const, secretId })),
  fc.constant({ type: "RemoveClient" as const }),
);
