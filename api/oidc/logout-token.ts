import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { importJWK, SignJWT } from "jose";
import type { LogoutNotice } from "../../adapters/ports/logout-notices.ts";
import type { KeySet } from "../../adapters/ports/openid-host.ts";
import { invariant } from "../../domain/invariant.ts";

/** As the ID tokens of clients that did not ask for another. */
const ALGORITHM = "RS256";
/** Seconds: two minutes at most (OpenID Connect Back-Channel Logout 1.0, section 2.4). */
const LIFETIME_SECONDS = 120;
const EVENT = "http://schemas.openid.net/event/backchannel-logout";

/**
 * Says to one application that one session is over, good for two minutes.
 *
 * Source: OpenID Connect Back-Channel Logout 1.0, section 2.4.
 */
export const logoutToken = (issuer: string, { signing }: KeySet, notice: LogoutNotice) =>
  Effect.gen(function* () {
    const key = signing.find(({ algorithm }) => algorithm === ALGORITHM);
    invariant(key !== undefined, "each algorithm has a key that signs");
    const now = Math.floor((yield* Clock.currentTimeMillis) / 1000);
    const { id, clientId, userId, sid } = notice;
    return yield* Effect.promise(async () =>
      new SignJWT({ events: { [EVENT]: {} }, sid })
        .setProtectedHeader({ alg: ALGORITHM, typ: "logout+jwt", kid: key.kid })
        .setIssuer(issuer)
        .setAudience(clientId)
        .setSubject(userId)
        .setJti(id)
        .setIssuedAt(now)
        .setExpirationTime(now + LIFETIME_SECONDS)
        .sign(await importJWK({ ...key.jwk }, ALGORITHM)),
    );
  });
