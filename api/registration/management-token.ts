import { randomBytes, timingSafeEqual } from "node:crypto";
import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { Artefacts } from "../../adapters/ports/artefacts.ts";
import { Keyring } from "../../adapters/ports/keyring.ts";

const KIND = "RegistrationAccessToken";
/**
 * A client manages itself for as long as it is registered; each revision begins this anew, in
 * milliseconds. Source: RFC 7592, section 1.2.
 */
const LIFETIME_MS = 10 * 365 * 24 * 60 * 60 * 1000;
const BYTES = 32;

/**
 * Gives a client a new token to manage itself by; kept as a digest. The one that was presented
 * stays good until the new one is first used: an answer that was lost locks nobody out.
 */
export const newManagementToken = (clientId: string, presented?: string) =>
  Effect.gen(function* () {
    const token = `alm_${randomBytes(BYTES).toString("base64url")}`;
    const current = yield* digestOf(token);
    const previous = presented === undefined ? {} : { previous: yield* digestOf(presented) };
    yield* keep(clientId, { current, ...previous });
    return token;
  });

/** Whether a token manages the client. The first use of a new one ends the one before. */
export const isManagementToken = (clientId: string, token: string) =>
  Effect.gen(function* () {
    const found = yield* (yield* Artefacts).find(KIND, clientId);
    if (found === undefined) return false;
    const { current, previous } = found.payload;
    const digest = yield* digestOf(token);
    if (isEqual(current, digest)) {
      if (previous !== undefined) yield* keep(clientId, { current: digest });
      return true;
    }
    return isEqual(previous, digest);
  });

export const forgetManagementToken = (clientId: string) =>
  Effect.flatMap(Artefacts, ({ remove }) => remove(KIND, clientId));

const keep = (clientId: string, payload: Readonly<Record<string, string>>) =>
  Effect.gen(function* () {
    const expiresAtMs = (yield* Clock.currentTimeMillis) + LIFETIME_MS;
    yield* (yield* Artefacts).put(KIND, clientId, { payload, expiresAtMs });
  });

const digestOf = (token: string) =>
  Effect.map(Keyring, ({ artefact }) =>
    Buffer.from(artefact("registration-access-token", token)).toString("base64url"),
  );

function isEqual(kept: unknown, digest: string): boolean {
  if (typeof kept !== "string" || kept.length !== digest.length) return false;
  return timingSafeEqual(Buffer.from(kept), Buffer.from(digest));
}
