import type { IncomingMessage, ServerResponse } from "node:http";
import type { Provider as Engine, KoaContextWithOIDC } from "oidc-provider";
import type { KeySet, OpenidHost } from "../ports/openid-host.ts";
import { available } from "./available.ts";
import { configurationOf, INTERACTION_PATH, SESSION_COOKIE } from "./configuration.ts";
import { Provider } from "./engine.ts";
import { interact } from "./interaction.ts";
import { type KeptMetadata, keptMetadata } from "./kept-metadata.ts";
import { answerMachine } from "./machine-tokens.ts";
import { type Clients, overrideModels } from "./models.ts";
import { handles, type OpenidProvider } from "./paths.ts";
import { isPosted, redirectPosted } from "./posted.ts";
import { type Presence, presenceOf, setPresence } from "./presence.ts";
import { record } from "./recording.ts";
import { refuse, UNAVAILABLE } from "./refuse.ts";

type Current = {
  readonly version: string;
  readonly host: OpenidHost;
  readonly keys: KeySet;
  readonly clients: Clients;
  readonly metadata: KeptMetadata;
  readonly provider: Engine;
  readonly listener: (incoming: IncomingMessage, response: ServerResponse) => Promise<void>;
};

const TOKEN = "/oauth2/token";

/**
 * The protocol over a host. Its keys are fixed when an engine is made, so a new one takes the place
 * of the one before whenever they change; what is under way ends where it began.
 */
export function openidProvider(plain: OpenidHost): OpenidProvider {
  const host = available(plain);
  const issuer = new URL(plain.issuer);
  let engine: Current | undefined;
  const current = async (): Promise<Current> => {
    const keys = await plain.keys();
    if (engine?.version !== keys.version) engine = engineOf(host, keys);
    return engine;
  };
  const listener: OpenidProvider["listener"] = async (incoming, response) => {
    const begun = performance.now();
    const { headers, socket } = incoming;
    const target = incoming.url ?? "";
    // The engine changes what it is told; the house keeps what was sent.
    const request = plain.received({ target, headers: { ...headers } }, socket.remoteAddress);
    const path = target.split("?", 1)[0] ?? "";
    response.setHeader("request-id", request.requestId);
    for (const [name, value] of plain.guards) response.setHeader(name, guarding(name, value));
    response.once("close", () => {
      const durationMs = performance.now() - begun;
      plain.answered(request, { route: routeOf(path), status: response.statusCode, durationMs });
    });
    try {
      if (isPosted(incoming, path)) return await redirectPosted(incoming, response, path);
      const serving = await current();
      if (serving.metadata.answer(incoming, response)) return;
      if (target === TOKEN && (await answerMachine(serving, request, { incoming, response }))) {
        return;
      }
      const { provider, listener: listen } = serving;
      const session = READS_SESSION.test(path) ? await plain.presented(headers.cookie) : undefined;
      const presence: Presence = {
        request,
        session,
        cookie: crypto.randomUUID(),
        cookies: [],
      };
      if (path.startsWith(INTERACTION_PATH)) {
        return await interact({ provider, host: plain, incoming, response, presence });
      }
      setPresence(incoming, presence);
      present(incoming, presence, issuer);
      await listen(incoming, response);
    } catch (cause) {
      plain.failed(request, cause);
      refuse(response);
    }
  };
  return { handles, listener };
}

/** The engine allows its one script, which sends a form, by hash: where it finds scripts named. */
function guarding(name: string, value: string): string {
  return name === "content-security-policy" ? `${value}; script-src` : value;
}

/** Only what a browser opens looks at who is signed in. */
const READS_SESSION = /^\/(?:oauth2\/(?:authorize|logout|interaction)|device)(?:\/|$)/;

/** Names a path without what is in it: ids stay out of logs. */
function routeOf(path: string): string {
  return path.replace(/^(\/oauth2\/(?:authorize|interaction|register)|\/device)\/.+$/, "$1/:id");
}

function engineOf(host: OpenidHost, keys: KeySet): Current {
  let clients: Clients | undefined;
  const rowOf: Clients["rowOf"] = (client) => {
    if (clients === undefined) throw new Error("the engine is not ready yet");
    return clients.rowOf(client);
  };
  const provider = new Provider(host.issuer, configurationOf(host, keys, rowOf));
  clients = overrideModels(provider, host, keys);
  provider.proxy = true;
  provider.silent = true;
  const metadata = keptMetadata();
  provider.use(async (ctx, next) => {
    await next();
    const worked = ctx as KoaContextWithOIDC;
    if (worked.oidc === undefined) return;
    metadata.keep(worked);
    setCookies(worked);
    try {
      await record(host, keys, worked);
    } catch (error) {
      // What is not on record is not given out.
      host.failed(presenceOf(ctx).request, error);
      ctx.status = 503;
      ctx.body = UNAVAILABLE;
    }
  });
  provider.on("server_error", (ctx, error) => host.failed(presenceOf(ctx).request, error));
  const listener = provider.callback();
  return { version: keys.version, host, keys, clients, metadata, provider, listener };
}

/** The engine's cookie for a session of ours is never sent: ours is the one that counts. */
function setCookies(ctx: KoaContextWithOIDC): void {
  const { session, cookies } = presenceOf(ctx);
  const set = [ctx.res.getHeader("set-cookie") ?? []].flat().map(String);
  const own = session === undefined ? set : set.filter((one) => !one.startsWith(SESSION_COOKIE));
  const all = [...own, ...cookies];
  if (all.length > 0) ctx.set("set-cookie", all);
  else ctx.remove("set-cookie");
}

/**
 * Tells the engine where it is and who is there: its address is the configured one, whatever the
 * request says, and its session is the one that our cookie presents.
 */
function present(incoming: IncomingMessage, presence: Presence, issuer: URL): void {
  const { headers } = incoming;
  for (const name of Object.keys(headers)) {
    if (name.startsWith("x-forwarded-")) delete headers[name];
  }
  headers.host = issuer.host;
  headers["x-forwarded-proto"] = issuer.protocol.slice(0, -1);
  if (presence.session === undefined) return;
  const others = (headers.cookie ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "" && !pair.startsWith(`${SESSION_COOKIE}=`));
  headers.cookie = [...others, `${SESSION_COOKIE}=${presence.cookie}`].join("; ");
}
