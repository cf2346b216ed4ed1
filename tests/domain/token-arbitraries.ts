import fc from "fast-check";
import type { ConsentCommand } from "../../domain/consent/mod.ts";
import { TOKEN_GRANTS, type TokenCommand } from "../../domain/token/mod.ts";
import type { RotationCommand, TokenFamilyCommand } from "../../domain/token-family/mod.ts";
import { id, time } from "./arbitraries.ts";

/* Commands about consents and tokens; small pools, as in arbitraries.ts. */

const clientId = fc.constantFrom("shop", "desk");
const audience = fc.constantFrom("https://orders.example.com", "https://mail.example.com");
const scopes = fc.uniqueArray(fc.constantFrom("openid", "email", "orders:read", "a"), {
  maxLength: 3,
});

export const consentCommand: fc.Arbitrary<ConsentCommand> = fc.oneof(
  fc.record(
    {
      type: fc.constant("GrantConsent" as const),
      userId: id,
      clientId,
      terms: fc.constantFrom("https://shop.example.com/terms", "https://shop.example.com/terms-2"),
      scopes,
      resources: fc.uniqueArray(fc.record({ audience, scopes }), {
        maxLength: 2,
        selector: (resource) => resource.audience,
      }),
    },
    { requiredKeys: ["type", "userId", "clientId", "scopes", "resources"] },
  ),
  fc.record({ type: fc.constant("WithdrawConsent" as const) }),
);

export const tokenFamilyCommand: fc.Arbitrary<TokenFamilyCommand> = fc.oneof(
  fc.record(
    {
      type: fc.constant("OpenFamily" as const),
      userId: id,
      clientId,
      scopes,
      audiences: fc.array(audience, { maxLength: 2 }),
      sessionId: id,
      expiresAt: time,
    },
    { requiredKeys: ["type", "userId", "clientId", "scopes", "audiences", "expiresAt"] },
  ),
  fc.record({ type: fc.constant("DetectReuse" as const) }),
  fc.record({
    type: fc.constant("RevokeFamily" as const),
    reason: fc.constantFrom("code-replayed", "revoked", "signed-out"),
  }),
);

export const rotationCommand: fc.Arbitrary<RotationCommand> = fc.record({
  type: fc.constant("RotateToken" as const),
  clientId,
  rotations: fc.integer({ min: 1, max: 9 }),
});

export const tokenCommand: fc.Arbitrary<TokenCommand> = fc.record({
  type: fc.constant("Record" as const),
  event: fc.oneof(
    fc.record(
      {
        type: fc.constant("TokenIssued" as const),
        clientId,
        userId: id,
        grant: fc.constantFrom(...TOKEN_GRANTS),
        grantId: id,
        audience,
        scopes,
        expiresAt: time,
      },
      { requiredKeys: ["type", "clientId", "grant", "scopes", "expiresAt"] },
    ),
    fc.record(
      {
        type: fc.constant("TokenRefused" as const),
        clientId,
        grant: fc.constantFrom(...TOKEN_GRANTS),
        error: fc.constantFrom("invalid_grant", "invalid_client"),
      },
      { requiredKeys: ["type", "error"] },
    ),
    fc.record(
      {
        type: fc.constant("TokenIntrospected" as const),
        clientId,
        active: fc.boolean(),
        subject: id,
      },
      { requiredKeys: ["type", "clientId", "active"] },
    ),
  ),
});
