import { z } from "zod";
import { TOKEN_GRANTS, type TokenEvent } from "../../domain/token/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { audience, clientId, scope, structural, time, uuid } from "./field.ts";
import * as sample from "./samples.ts";

const SCOPES_MAX = 100;
/** 43 characters of base64url: an RFC 7638 thumbprint, or the `jti` of a token of ours. */
const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;
const grant = z.enum(TOKEN_GRANTS);
const clientOf = sample.accountId;
const thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

/** Tokens issued, refused and looked at, in the activity ledger. */
export const tokenCodec = eventCodec<TokenEvent>(
  { category: "token", ledger: "activity" },
  {
    TokenIssued: {
      data: z.strictObject({
        clientId,
        userId: uuid.exactOptional(),
        grant,
        grantId: uuid.exactOptional(),
        audience: audience.exactOptional(),
        scopes: z.array(scope).max(SCOPES_MAX),
        jti: structural(THUMBPRINT).exactOptional(),
        kid: structural(THUMBPRINT).exactOptional(),
        idTokenKid: structural(THUMBPRINT).exactOptional(),
        jkt: structural(THUMBPRINT).exactOptional(),
        expiresAt: time,
      }),
      sample: {
        clientId: clientOf,
        userId: sample.userId,
        grant: "authorization_code",
        grantId: sample.accountId,
        audience: "https://orders.example.com",
        scopes: ["orders:read"],
        jti: thumbprint,
        kid: thumbprint,
        idTokenKid: thumbprint,
        jkt: thumbprint,
        expiresAt: sample.time,
      },
    },
    TokenRefused: {
      data: z.strictObject({
        clientId: clientId.exactOptional(),
        grant: grant.exactOptional(),
        error: structural(/^[a-z_]{1,64}$/),
      }),
      sample: { clientId: clientOf, grant: "refresh_token", error: "invalid_grant" },
    },
    TokenIntrospected: {
      data: z.strictObject({
        clientId,
        active: z.boolean(),
        subject: structural(/^[\x21-\x7e]{1,100}$/).exactOptional(),
      }),
      sample: { clientId: clientOf, active: true, subject: sample.userId },
    },
  },
);
