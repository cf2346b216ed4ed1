import { z } from "zod";
import type { RotationEvent, TokenFamilyEvent } from "../../domain/token-family/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { audience, clientId, scope, time, uuid } from "./field.ts";
import * as sample from "./samples.ts";

/** Of each list at most: so many of the longest fit an entry. */
const SCOPES_MAX = 100;
const AUDIENCES_MAX = 5;

/** Lines of refresh tokens: their beginning and their end. */
export const tokenFamilyCodec = eventCodec<TokenFamilyEvent>(
  { category: "token-family", ledger: "identity" },
  {
    RefreshFamilyOpened: {
      data: z.strictObject({
        userId: uuid,
        clientId,
        scopes: z.array(scope).max(SCOPES_MAX),
        audiences: z.array(audience).max(AUDIENCES_MAX),
        sessionId: uuid.exactOptional(),
        expiresAt: time,
      }),
      sample: {
        userId: sample.userId,
        clientId: sample.accountId,
        scopes: ["openid", "offline_access"],
        audiences: ["https://orders.example.com"],
        sessionId: sample.accountId,
        expiresAt: sample.time,
      },
    },
    RefreshTokenReuseDetected: { data: z.strictObject({}), sample: {} },
    RefreshFamilyRevoked: {
      data: z.strictObject({
        reason: z.enum(["reuse", "code-replayed", "revoked", "signed-out"]),
      }),
      sample: { reason: "reuse" },
    },
  },
);

/** What happens to them every few minutes, in the activity ledger. */
export const rotationCodec = eventCodec<RotationEvent>(
  { category: "token-family", ledger: "activity" },
  {
    RefreshTokenRotated: {
      data: z.strictObject({ clientId, rotations: z.int().min(1) }),
      sample: { clientId: sample.accountId, rotations: 1 },
    },
  },
);
