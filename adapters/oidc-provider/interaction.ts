import type { IncomingMessage, ServerResponse } from "node:http";
import { decodeJwt } from "jose";
import type Provider from "oidc-provider";
import type { Interaction } from "oidc-provider";
import { scopeOfClaim } from "../../domain/consent/mod.ts";
import type { OpenidHost, OpenidSession, ProtocolPage } from "../ports/openid-host.ts";
import { INTERACTION_COOKIE, INTERACTION_PATH } from "./configuration.ts";
import { isAgreed } from "./grants.ts";
import { ACCESS_PROMPT, KEPT_OUT } from "./interaction-policy.ts";
import type { Presence } from "./presence.ts";

type Asked = {
  readonly provider: Provider;
  readonly host: OpenidHost;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly presence: Presence;
};

/**
 * Where a browser is sent that is to be asked something, and where it comes back to when it was:
 * here it is found out whether that is enough. Nobody finishes what another browser began: the
 * cookie names the interaction, and is sent here alone.
 */
export async function interact(asked: Asked): Promise<void> {
  const { provider, host, incoming, presence } = asked;
  const uid = (incoming.url ?? "").slice(INTERACTION_PATH.length).split("?", 1)[0] ?? "";
  const interaction = cookieOf(incoming) === uid ? await provider.Interaction.find(uid) : undefined;
  if (interaction === undefined) return problem(asked, "session_not_found");
  const { session } = presence;
  if (interaction.result !== undefined) return goOn(asked, interaction.returnTo);
  if (interaction.prompt.name === ACCESS_PROMPT) return keepOut(asked, interaction);
  if (interaction.prompt.reasons.some((reason) => UNMET.includes(reason))) {
    await finish(interaction, {
      error: "unmet_authentication_requirements",
      error_description: "no authentication context class is asserted here",
    });
    return goOn(asked, interaction.returnTo);
  }
  const wanted = session && (await resultOf(host, interaction, session));
  if (session === undefined || wanted === undefined) {
    return redirect(asked, pageFor(interaction, session));
  }
  // Whoever signed in meanwhile goes on, in the session that they have now.
  Object.assign(interaction, {
    session: { accountId: session.userId, uid: session.sessionId, cookie: presence.cookie },
  });
  await finish(interaction, { ...interaction.lastSubmission, ...wanted });
  return goOn(asked, interaction.returnTo);
}

/** The person reads why before the client does; another try of theirs is another request. */
async function keepOut(asked: Asked, interaction: Interaction): Promise<void> {
  const { host } = asked;
  const { params, returnTo: leadsTo } = interaction;
  const clientName = (await host.client(String(params["client_id"])))?.name ?? "";
  await finish(interaction, { error: "access_denied", error_description: KEPT_OUT });
  return show(asked, { kind: "kept-out", clientName, leadsTo });
}

/** Keeps what came of it, until the browser is back. */
async function finish(interaction: Interaction, result: Interaction["result"]): Promise<void> {
  Object.assign(interaction, { result });
  await interaction.save(interaction.exp - Math.floor(Date.now() / 1000));
}

/** What the interaction was for, once it is there. */
async function resultOf(host: OpenidHost, interaction: Interaction, session: OpenidSession) {
  const { prompt, params, begunMs } = interaction as Interaction & { readonly begunMs: number };
  const { userId, authTimeMs } = session;
  switch (prompt.name) {
    case "login": {
      const isAnew = prompt.reasons.some((reason) => ANEW.includes(reason));
      if (isAnew && authTimeMs < begunMs) return undefined;
      if (subjectsOf(interaction).some((wanted) => wanted !== userId)) return undefined;
      return { login: { accountId: userId, ts: Math.floor(authTimeMs / 1000) } };
    }
    case "consent": {
      if (prompt.reasons.some((reason) => EXPLICIT.includes(reason))) return undefined;
      const clientId = String(params["client_id"]);
      const claims = (prompt.details["missingOIDCClaims"] ?? []) as ReadonlyArray<string>;
      const scopes = (prompt.details["missingOIDCScope"] ?? []) as ReadonlyArray<string>;
      const ofClaims = claims.flatMap((claim) => scopeOfClaim(claim) ?? []);
      const details = { ...prompt.details, missingOIDCScope: [...scopes, ...ofClaims] };
      const consent = await host.consent(userId, clientId);
      const isOfToday = consent?.terms === (await host.client(clientId))?.tosUri;
      return isOfToday && isAgreed(consent, details) ? { consent: {} } : undefined;
    }
    default:
      return undefined;
  }
}

/** Reasons for which the session that is there is not enough. */
const ANEW = ["login_prompt", "max_age"];
/** Reasons for which the consent that is there is not enough. */
const EXPLICIT = ["consent_prompt", "unassured_app"];

/** What no sign-in here would meet. Source: OpenID Connect Core 1.0, section 5.5.1.1. */
const UNMET = ["essential_acr", "essential_acrs"];

/** Who it has to be, where the client says that: by a claim, by a hint that was verified before. */
function subjectsOf({ prompt, params }: Interaction): ReadonlyArray<unknown> {
  const { sub } = prompt.details as { readonly sub?: { readonly value?: unknown } };
  const hint = prompt.reasons.includes("id_token_hint") ? params["id_token_hint"] : undefined;
  return [
    ...(sub?.value === undefined ? [] : [sub.value]),
    ...(hint === undefined ? [] : [decodeJwt(String(hint)).sub]),
  ];
}

/** The page that asks; it leads back here. */
function pageFor(interaction: Interaction, session: OpenidSession | undefined): string {
  const { uid, prompt, params } = interaction;
  const { login_hint: hint, ui_locales: locales } = params as Readonly<Record<string, string>>;
  const query = new URLSearchParams();
  if (prompt.name === "consent" && session !== undefined) {
    query.set("interaction", uid);
    if (locales !== undefined) query.set("lang", locales.split(" ", 1)[0] ?? "");
    return `/consent?${query}`;
  }
  query.set("redirectTo", `${INTERACTION_PATH}${uid}`);
  if (session !== undefined) query.set("prompt", "login");
  if (hint !== undefined) query.set("hint", "1");
  if (locales !== undefined) query.set("lang", locales.split(" ", 1)[0] ?? "");
  return `/sign-in?${query}`;
}

function cookieOf({ headers }: IncomingMessage): string | undefined {
  for (const pair of (headers.cookie ?? "").split(";")) {
    const [name, value] = pair.trim().split("=", 2);
    if (name === INTERACTION_COOKIE) return value;
  }
  return undefined;
}

/**
 * Leads on by a page instead of a redirect: a browser holds what follows a form to the form's own
 * list of addresses, and the client's is not on it. It needs no script.
 *
 * Source: WHATWG HTML, 4.2.5.3 (refresh; as a header, 7.4.2.2); CSP Level 3, 6.4.1.
 */
async function goOn(asked: Asked, to: string): Promise<void> {
  asked.response.setHeader("refresh", `0;url=${to}`);
  await show(asked, { kind: "onward", to });
}

function redirect({ response }: Asked, to: string): void {
  response.statusCode = 303;
  response.setHeader("location", to);
  response.end();
}

function problem(asked: Asked, error: string): Promise<void> {
  return show(asked, { kind: "error", error, status: 400 });
}

async function show({ host, response, presence }: Asked, said: ProtocolPage): Promise<void> {
  const page = await host.page(presence.request, said);
  response.statusCode = page.status;
  for (const [name, value] of page.headers) response.setHeader(name, value);
  response.end(page.html);
}
