import type { AccessToken, Client, ClientCredentials, KoaContextWithOIDC } from "oidc-provider";
import type { ClientMetadata } from "../../domain/client/mod.ts";

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** What lives how long, in seconds, where the client does not say otherwise. */
export const LIFETIMES = {
  /** A JWT cannot be recalled, so it does not last. */
  accessToken: 10 * MINUTE_SECONDS,
  idToken: HOUR_SECONDS,
  /** From its first token on, however often that is replaced. */
  refreshToken: 30 * DAY_SECONDS,
  /** RFC 6749, section 4.1.2 wants ten minutes at most; a redirect takes seconds. */
  code: MINUTE_SECONDS,
  deviceCode: 10 * MINUTE_SECONDS,
  /** RFC 9126, section 2.2: 5 to 600. */
  pushedRequest: MINUTE_SECONDS,
  /** Long enough to find a mail with a link in it. */
  interaction: HOUR_SECONDS,
};

/** A grant outlives what was given under it. */
const GRANT_MARGIN_SECONDS = DAY_SECONDS;
/** Sessions have an end of their own; the engine only wants to know one. */
const SESSION_SECONDS = 90 * DAY_SECONDS;

type Token = AccessToken | ClientCredentials;
type Of = (client: Client | undefined) => ClientMetadata["lifetimes"];

/** Lifetimes as the engine asks for them. */
export function ttlOf(of: Of) {
  const refreshToken = (client: Client | undefined) =>
    of(client).refreshToken ?? LIFETIMES.refreshToken;
  const accessToken = (_: KoaContextWithOIDC, token: Token, client: Client) =>
    token.resourceServer?.accessTokenTTL ?? of(client).accessToken ?? LIFETIMES.accessToken;
  return {
    AccessToken: accessToken,
    ClientCredentials: accessToken,
    AuthorizationCode: LIFETIMES.code,
    DeviceCode: LIFETIMES.deviceCode,
    IdToken: (_: KoaContextWithOIDC, __: unknown, client: Client) =>
      of(client).idToken ?? LIFETIMES.idToken,
    Grant: (ctx: KoaContextWithOIDC) => refreshToken(ctx.oidc.client) + GRANT_MARGIN_SECONDS,
    RefreshToken: (ctx: KoaContextWithOIDC, _: unknown, client: Client) =>
      // The end of the line never moves.
      ctx.oidc.entities.RotatedRefreshToken?.remainingTTL ?? refreshToken(client),
    Interaction: LIFETIMES.interaction,
    PushedAuthorizationRequest: LIFETIMES.pushedRequest,
    Session: SESSION_SECONDS,
  };
}
