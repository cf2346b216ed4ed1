import * as Effect from "effect/Effect";
import { z } from "zod";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { OpenidIssuers } from "../../adapters/ports/openid-issuers.ts";
import { mergeGuest } from "../guest/merge-guest.ts";
import type { Answer, Call, RequestContext } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import { startSession } from "../session/lifecycle.ts";
import { claimServer } from "../setup/claim-server.ts";
import { architectsNow } from "../users/standing.ts";
import { arrive } from "./arrive.ts";
import { openProviderRow } from "./command-provider.ts";
import { issuerClientOf, issuerRefused } from "./issuer-client.ts";
import { leading, pageAfter } from "./lead-back.ts";
import { ByProvider, redirectUriOf } from "./provider-view.ts";
import { endTrip, type KeptTrip, tripOf } from "./trip.ts";

/** Longer than any code of an issuer. */
const PARAMETER_MAX = 4096;
/** RFC 6749, section 4.1.2: parameters that nobody knows are ignored. */
const Query = z.record(z.string().max(PARAMETER_MAX), z.string().max(PARAMETER_MAX));
const Asked = z
  .object({ state: z.string().exactOptional() })
  .catchall(z.string().max(PARAMETER_MAX));
type Back = Call<z.output<typeof ByProvider>, z.output<typeof Query>, unknown, undefined> &
  RequestContext;

/**
 * Where a provider leads people back to. The trip is over before anything else is done with what
 * they bring: of many who bring the same, one gets on.
 */
export const comeBack = publicRoute({
  method: "GET",
  path: "/v1/providers/:id/callback",
  summary: "Where a provider leads people back to: signs in, up, links or sets up, once",
  acts: true,
  protocol: true,
  ownPersonOnly: true,
  params: ByProvider,
  query: Asked,
  responses: {
    303: { description: "To `redirectTo` of the start, or to a page, which also says why not" },
  },
  problems: {
    403: ["trip_over", "provider_denied", "provider_mismatch", "blocked", "signup_closed"],
    409: [
      "email_taken",
      "account_taken",
      "already_signed_in",
      "sign_in_first",
      "already_set_up",
      "too_many_accounts",
    ],
    503: ["provider_unavailable"],
  },
  handler: (call) =>
    Effect.gen(function* () {
      const { id } = call.params;
      const begun = yield* Effect.result(tripOf(call, id, call.query.state));
      if (begun._tag === "Failure") return yield* leading(call, {}, Effect.fail(begun.failure));
      const trip = begun.success;
      return yield* leading(call, trip, arrived(call as Back, trip));
    }),
});

/**
 * The same for providers that answer by a form (OAuth 2.0 Form Post Response Mode). A form from
 * another site comes without our cookies, so what it brings is led to where they come along.
 */
export const comeBackByForm = publicRoute({
  method: "POST",
  path: "/v1/providers/:id/callback",
  summary: "The same by a form: leads the browser on to the callback, with its cookies",
  protocol: true,
  asks: true,
  params: ByProvider,
  body: Query,
  responses: { 303: { description: "To the same by GET" } },
  handler: ({ params: { id }, body }) => {
    const path = `/v1/providers/${id}/callback`;
    const redirect = `${path}?${new URLSearchParams(body)}`;
    return Effect.succeed({ status: 303, redirect });
  },
});

const arrived = (call: Back, trip: KeptTrip & { readonly state: string }) =>
  Effect.gen(function* () {
    yield* endTrip(trip);
    const { id } = call.params;
    const { errand, session } = trip;
    const row = yield* openProviderRow(id);
    const client = yield* issuerClientOf(row);
    const redirectUri = redirectUriOf(call.settings, id);
    const query = new URLSearchParams(call.query);
    const claims = yield* (yield* OpenidIssuers)
      .arrive(client, { ...trip, redirectUri }, query)
      .pipe(Effect.catchTag("IssuerError", (error) => issuerRefused(call, error)));
    // Nobody is made somebody by a set-up that another one has done meanwhile.
    if (errand === "set-up" && (yield* architectsNow).size > 0) {
      return yield* refuse(409, "already_set_up");
    }
    const { userId, isNew } = yield* arrive(call, { provider: id, errand, session, claims });
    if (errand === "link") {
      return { status: 303, redirect: pageAfter(trip, { done: "accountLinked" }) } satisfies Answer;
    }
    yield* mergeGuest(call, userId);
    if (errand === "set-up") yield* claimServer(call, userId);
    const cookies = yield* startSession(call, { userId, method: "provider" });
    const { position } = yield* (yield* Ledgers).identity.head;
    const done = errand === "set-up" ? { done: "setup" } : isNew ? { done: "signUp" } : {};
    return { status: 303, redirect: pageAfter(trip, done), cookies, position } satisfies Answer;
  });
