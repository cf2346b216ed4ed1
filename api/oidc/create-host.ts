import type { IncomingHttpHeaders } from "node:http";
import * as Cause from "effect/Cause";
import * as Clock from "effect/Clock";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Option from "effect/Option";
import { Artefacts } from "../../adapters/ports/artefacts.ts";
import { Keyring } from "../../adapters/ports/keyring.ts";
import {
  type AwaitedArtefacts,
  HostUnavailable,
  type OpenidHost,
  type ProtocolPage,
  type ProtocolRequest,
  type RenderedPage,
} from "../../adapters/ports/openid-host.ts";
import { Outbound } from "../../adapters/ports/outbound.ts";
import { RegisteredClients } from "../../adapters/ports/registered-clients.ts";
import { ResourceServers } from "../../adapters/ports/resource-servers.ts";
import { SigningKeys } from "../../adapters/ports/signing-keys.ts";
import { Throttles } from "../../adapters/ports/throttles.ts";
import { clearedSessionCookies } from "../http/cookies.ts";
import { type Failure, problemOf } from "../http/failure.ts";
import { guardsOf, kernelOf } from "../http/kernel.ts";
import { originsOf } from "../http/origins.ts";
import type { Services } from "../http/services.ts";
import type { Settings } from "../http/settings.ts";
import { requestCharge } from "../http/throttle.ts";
import { protocolPages } from "../pages/protocol/render.ts";
import { endSession } from "../session/lifecycle.ts";
import { consentOf, grantStands } from "./grant-stands.ts";
import { openFamily, recordRotation, recordToken, revokeFamily } from "./host-tokens.ts";
import { keySets } from "./key-set.ts";
import { mayUse } from "./may-use.ts";
import { openidPerson } from "./openid-person.ts";
import { liveSession, presentedSession } from "./openid-session.ts";
import { clientSecrets, resourceServersByAudience } from "./registered.ts";

/** What the protocol engine asks of this house, over its services. */
export function createOpenidHost(
  services: Context.Context<Services>,
  settings: Settings,
): OpenidHost {
  const kernel = kernelOf(services, settings);
  const origins = originsOf(settings);
  const run = async <A>(effect: Effect.Effect<A, Failure, Services>): Promise<A> => {
    const exit = await Effect.runPromiseExitWith(services)(effect);
    if (Exit.isSuccess(exit)) return exit.value;
    const failure = Option.getOrUndefined(Cause.findErrorOption(exit.cause));
    if (failure === undefined) throw Cause.squash(exit.cause);
    kernel.outage.failed(failure);
    if (problemOf(failure).status === 503) throw new HostUnavailable(failure._tag);
    throw failure;
  };
  const keyring = Context.get(services, Keyring);
  const clients = Context.get(services, RegisteredClients);
  const keys = keySets(Context.get(services, SigningKeys));
  const isSecret = clientSecrets(keyring);
  const byAudience = resourceServersByAudience(Context.get(services, ResourceServers));
  const { fetch } = Context.get(services, Outbound);
  const render =
    settings.pages === undefined ? undefined : protocolPages(kernel, origins, settings.pages);
  const clock = Effect.runSync(Effect.provideContext(Effect.service(Clock.Clock), services));
  const nowMs = () => clock.currentTimeMillisUnsafe();
  return {
    issuer: settings.url,
    origins: [...origins],
    nowMs,
    guards: guardsOf(settings),
    received: ({ target, headers }, socket) => {
      kernel.meter.began();
      return {
        requestId: crypto.randomUUID(),
        target,
        address: kernel.addressOf(socket, forwardedOf(headers)),
        headers,
      };
    },
    answered: ({ requestId }, { route, status, durationMs }) => {
      kernel.meter.answered(undefined, status, durationMs);
      settings.access?.({ requestId, route, status, durationMs });
    },
    failed: ({ requestId }, error) => {
      const name = error instanceof Error ? error.name : typeof error;
      settings.log({ level: "error", message: "Cannot answer", requestId, error: name });
    },
    admit: ({ address }) => run(strangerWaits(address)),
    artefacts: awaited(run),
    fetch,
    secretOf: keyring.artefact,
    keys: () => keys.fresh(nowMs()) ?? run(keys.current),
    client: (clientId) => {
      const rows = clients.fresh(nowMs());
      return rows === undefined ? run(clients.get(clientId)) : rows.get(clientId);
    },
    isClientSecret: (row, secret) =>
      isSecret.fresh(row, secret) ?? run(isSecret.current(row, secret)),
    resourceServer: (audience) => {
      const known = byAudience.fresh(nowMs());
      if (known !== undefined) return known.get(audience);
      return run(Effect.map(byAudience.current, (current) => current.get(audience)));
    },
    presented: (cookie) => run(presentedSession(settings, cookie)),
    session: (sessionId) => run(liveSession(sessionId)),
    endSession: async (request, { sessionId, userId }) => {
      const context = contextOf(settings, request);
      await run(endSession(context, `user:${userId}`, { sessionId, reason: "signed-out" }));
      return clearedSessionCookies(settings);
    },
    mayUse: (userId, row) => run(mayUse(userId, row)),
    person: (userId) => run(openidPerson(settings, services, userId)),
    consent: (userId, clientId) => run(consentOf(userId, clientId)),
    grantStands: (grant) => run(grantStands(grant)),
    familyOpened: (request, family) => run(openFamily(request, family)),
    familyRevoked: (request, family) => run(revokeFamily(request, family)),
    rotated: (request, family) => run(recordRotation(request, family)),
    record: (request, event) => run(recordToken(request, event)),
    page: async (request, page) =>
      render === undefined ? plainPage(page) : rendered(await render(request, page)),
  };
}

const strangerWaits = (address: string | undefined) =>
  Effect.gen(function* () {
    const reserved = yield* (yield* Throttles).reserve([requestCharge(address)]);
    return reserved.admitted ? undefined : reserved.retryAfterMs;
  });

function awaited(
  run: <A>(effect: Effect.Effect<A, Failure, Services>) => Promise<A>,
): AwaitedArtefacts {
  const ask = <A>(use: (artefacts: Artefacts["Service"]) => Effect.Effect<A, Failure>) =>
    run(Effect.flatMap(Effect.service(Artefacts), use));
  return {
    put: (kind, id, keeping) => ask((a) => a.put(kind, id, keeping)),
    find: (kind, id) => ask((a) => a.find(kind, id)),
    exchange: (kind, id, before, keeping) => ask((a) => a.exchange(kind, id, before, keeping)),
    findByUserCode: (userCode) => ask((a) => a.findByUserCode(userCode)),
    consume: (kind, id) => ask((a) => a.consume(kind, id)),
    remove: (kind, id) => ask((a) => a.remove(kind, id)),
    revokeGrant: (grant) => ask((a) => a.revokeGrant(grant)),
    first: (scope, id, expiresAtMs) => ask((a) => a.first(scope, id, expiresAtMs)),
  };
}

/** What ending a session wants to know of the request that ends it. */
function contextOf(settings: Settings, { requestId, address, headers }: ProtocolRequest) {
  const agent = headers["user-agent"];
  return {
    settings,
    requestId,
    commandId: requestId,
    caller: undefined,
    address,
    headers: new Headers(agent === undefined ? {} : { "user-agent": agent }),
    asOf: undefined,
    presented: undefined,
    stopping: undefined,
  };
}

function forwardedOf(headers: IncomingHttpHeaders): string | null {
  const value = headers["x-forwarded-for"];
  return (Array.isArray(value) ? value.join(", ") : value) ?? null;
}

async function rendered(response: Response): Promise<RenderedPage> {
  const { status, headers } = response;
  return { status, headers: [...headers], html: await response.text() };
}

/** Without pages people still read what became of it. */
function plainPage(page: ProtocolPage): RenderedPage {
  const status = page.kind === "error" ? page.status : 200;
  const html = page.kind === "error" ? page.error : page.kind;
  return { status, headers: [["content-type", "text/plain; charset=utf-8"]], html };
}
