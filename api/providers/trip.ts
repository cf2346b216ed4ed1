import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import { Artefacts } from "../../adapters/ports/artefacts.ts";
import { OpenidIssuers } from "../../adapters/ports/openid-issuers.ts";
import type { ProviderRow } from "../../projections/providers.ts";
import type { RequestContext } from "../http/call.ts";
import { readTripCookie, tripCookie } from "../http/cookies.ts";
import { refuse } from "../http/problem.ts";
import { issuerClientOf, issuerRefused } from "./issuer-client.ts";
import { redirectUriOf } from "./provider-view.ts";

/** A person types a password and a second factor there; then the trip begins anew. */
const TRIP_MS = 10 * 60 * 1000;
/** 256 bits: nobody guesses them. */
const RANDOM_BYTES = 32;
const RANDOM = /^[\w-]{43}$/;

/** What is kept of a trip until the person is back, under its `state`. */
const Kept = z.strictObject({
  provider: z.string(),
  errand: z.enum(["sign-in", "link", "set-up"]),
  /** SHA-256 of what the browser was given. */
  browser: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  fresh: z.boolean(),
  /** Where the person was sent, for a page that leads on to there. */
  url: z.string(),
  /** In which session somebody set out to link. */
  session: z.string().exactOptional(),
  redirectTo: z.string().exactOptional(),
  lang: z.string().exactOptional(),
});
export type KeptTrip = z.output<typeof Kept>;

export type SettingOut = Pick<KeptTrip, "errand"> & {
  readonly session?: string | undefined;
  readonly redirectTo?: string | undefined;
  readonly lang?: string | undefined;
  readonly fresh?: boolean;
};

const random = () => randomBytes(RANDOM_BYTES).toString("base64url");
const digestOf = (value: string) => createHash("sha256").update(value).digest("base64url");

/**
 * Begins a trip to a provider: what came back must fit it, and only into the browser that set out.
 * A browser that has been given its mark keeps it, so that two of its tabs do not disturb each
 * other.
 *
 * Errors: 503 provider_unavailable, provider_mismatch.
 */
export const setOut = (context: RequestContext, row: ProviderRow, setting: SettingOut) =>
  Effect.gen(function* () {
    const { settings, headers } = context;
    const { errand, session, redirectTo, lang, fresh = false } = setting;
    const given = readTripCookie(settings, headers.get("cookie"));
    const mark = given !== undefined && RANDOM.test(given) ? given : random();
    const [state, nonce, verifier] = [random(), random(), random()];
    const { authorizationUrl } = yield* OpenidIssuers;
    const client = yield* issuerClientOf(row);
    const redirectUri = redirectUriOf(settings, row.id);
    const trip = { redirectUri, state, nonce, verifier, fresh };
    const url = yield* authorizationUrl(client, trip).pipe(
      Effect.catchTag("IssuerError", (error) => issuerRefused(context, error)),
    );
    const payload: KeptTrip = {
      provider: row.id,
      errand,
      browser: digestOf(mark),
      nonce,
      verifier,
      fresh,
      url,
      ...(session === undefined ? {} : { session }),
      ...(redirectTo === undefined ? {} : { redirectTo }),
      ...(lang === undefined ? {} : { lang }),
    };
    const expiresAtMs = (yield* Clock.currentTimeMillis) + TRIP_MS;
    yield* (yield* Artefacts).put("ProviderTrip", state, { payload, expiresAtMs });
    return { url, state, cookies: [tripCookie(settings, mark, TRIP_MS / 1000)] };
  });

/**
 * The trip that a `state` names, for the browser that set out on it to this provider.
 *
 * Errors: 403 trip_over for any other, and for one that is over or was made already.
 */
export const tripOf = (context: RequestContext, provider: string, state: string | undefined) =>
  Effect.gen(function* () {
    const known = state !== undefined && RANDOM.test(state);
    const found = known ? yield* (yield* Artefacts).find("ProviderTrip", state) : undefined;
    const trip = Kept.safeParse(found?.payload).data;
    const mark = readTripCookie(context.settings, context.headers.get("cookie"));
    const isOver = found?.consumedAtMs !== undefined || trip?.provider !== provider;
    if (!known || trip === undefined || isOver || !isMark(trip, mark)) {
      return yield* refuse(403, "trip_over");
    }
    return { ...trip, state };
  });

/** The end of a trip: of many who come back from one, the first gets on. */
export const endTrip = ({ state }: { readonly state: string }) =>
  Effect.gen(function* () {
    const isFirst = yield* (yield* Artefacts).consume("ProviderTrip", state);
    if (!isFirst) return yield* refuse(403, "trip_over");
  });

function isMark({ browser }: KeptTrip, mark: string | undefined): boolean {
  if (mark === undefined) return false;
  const [kept, given] = [Buffer.from(browser), Buffer.from(digestOf(mark))];
  return kept.length === given.length && timingSafeEqual(kept, given);
}
