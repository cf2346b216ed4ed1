import * as Effect from "effect/Effect";
import { z } from "zod";
import { askedRedirect } from "../http/asked-redirect.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute, route } from "../http/route.ts";
import { requireSetupToken } from "../setup/require-setup-token.ts";
import { openProviderRow } from "./command-provider.ts";
import { leading } from "./lead-back.ts";
import { ByProvider } from "./provider-view.ts";
import { setOut, tripOf } from "./trip.ts";

const REDIRECT_MAX = 2048;
const TOKEN_MAX = 512;
const Lang = z.string().regex(/^[A-Za-z-]{2,16}$/);
const RedirectTo = z.string().max(REDIRECT_MAX);
const State = z.string().regex(/^[\w-]{43}$/);

/** Where to send the browser, and by what the trip is found again. */
const Leaving = z.strictObject({ redirectTo: z.string(), trip: z.string() });
const PROBLEMS = { 403: ["provider_mismatch"], 503: ["provider_unavailable"] } as const;

export const startSignIn = publicRoute({
  method: "GET",
  path: "/v1/providers/:id/start",
  summary: "Leads the browser to the provider to sign in there; `prompt=login` asks for it anew",
  acts: true,
  ownPersonOnly: true,
  params: ByProvider,
  query: z.strictObject({
    redirectTo: RedirectTo.exactOptional(),
    prompt: z.literal("login").exactOptional(),
    lang: Lang.exactOptional(),
  }),
  responses: {
    303: { description: "To the provider, or with a page to where it is said why not" },
  },
  problems: PROBLEMS,
  handler: (call) => {
    const { id } = call.params;
    const { prompt, lang, redirectTo: asked } = call.query;
    return leading(
      call,
      { lang },
      Effect.gen(function* () {
        const redirectTo = yield* askedRedirect(asked, call.settings);
        const row = yield* openProviderRow(id);
        const setting = { errand: "sign-in", redirectTo, lang, fresh: prompt === "login" } as const;
        const { url, cookies } = yield* setOut(call, row, setting);
        return { status: 303, redirect: url, cookies };
      }),
    );
  },
});

export const startLink = route({
  method: "POST",
  path: "/v1/providers/:id/link",
  summary: "Begin to link one's account at the provider; send the browser to `redirectTo`",
  auth: "session",
  ownPersonOnly: true,
  stepUp: true,
  handsOutSession: true,
  params: ByProvider,
  body: z.strictObject({ redirectTo: RedirectTo.exactOptional(), lang: Lang.exactOptional() }),
  responses: { 200: { description: "Where to go on", schema: Leaving } },
  problems: { 403: ["provider_mismatch"], 409: ["guest"], 503: ["provider_unavailable"] },
  handler: (call) =>
    Effect.gen(function* () {
      const { caller, params, body, settings } = call;
      if (caller.user.guest) return yield* refuse(409, "guest");
      const redirectTo = yield* askedRedirect(body.redirectTo, settings);
      const row = yield* openProviderRow(params.id);
      const { sessionId: session } = caller;
      const setting = { errand: "link", session, redirectTo, lang: body.lang } as const;
      const { url, state, cookies } = yield* setOut(call, row, setting);
      return { status: 200, body: { redirectTo: url, trip: state }, cookies };
    }),
});

export const startSetUp = publicRoute({
  method: "POST",
  path: "/v1/providers/:id/set-up",
  summary: "Begin to become the first architect through the provider, with the set-up token",
  ownPersonOnly: true,
  params: ByProvider,
  body: z.strictObject({
    token: z.string().min(1).max(TOKEN_MAX),
    lang: Lang.exactOptional(),
  }),
  responses: { 200: { description: "Where to go on", schema: Leaving } },
  problems: {
    403: ["invalid_setup_token", "provider_mismatch"],
    409: ["already_set_up"],
    503: ["provider_unavailable"],
  },
  handler: (call) =>
    Effect.gen(function* () {
      const { params, body } = call;
      yield* requireSetupToken(call, body.token);
      const row = yield* openProviderRow(params.id);
      const setting = { errand: "set-up", lang: body.lang } as const;
      const { url, state, cookies } = yield* setOut(call, row, setting);
      return { status: 200, body: { redirectTo: url, trip: state }, cookies };
    }),
});

/**
 * Leads on from a form of ours: a browser holds the redirects after a form to the addresses that
 * the page's policy names, and where an issuer signs in is no address that we could name there.
 */
export const goOn = publicRoute({
  method: "GET",
  path: "/v1/providers/:id/go-on",
  summary: "A page that leads the browser on to the provider, on a trip that it has begun",
  params: ByProvider,
  query: z.strictObject({ trip: State }),
  responses: { 200: { description: "A page", contentType: "text/html" } },
  problems: { 403: ["trip_over"] },
  handler: (call) =>
    leading(
      call,
      {},
      Effect.map(tripOf(call, call.params.id, call.query.trip), ({ url }) => ({
        status: 200,
        html: leavingPage(url),
      })),
    ),
});

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", '"': "&quot;", "<": "&lt;" };

function leavingPage(url: string): string {
  const to = url.replaceAll(/[&"<]/g, (character) => ENTITIES[character] ?? "");
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${to}">
<title>…</title><p><a href="${to}" rel="noreferrer">${to.split("?", 1)[0]}</a></p>`;
}
