import type { Adapter, AdapterPayload } from "oidc-provider";
import type { JsonObject } from "../../domain/json.ts";
import { HostUnavailable, type OpenidHost, type OpenidSession } from "../ports/openid-host.ts";
import { errors } from "./engine.ts";
import { type Presence, presenceOf, workedOn } from "./presence.ts";
import { admitStranger } from "./throttle.ts";

/** How long a browser without a session of ours may take over a form. */
export const STRANGER_KEPT_SECONDS = 60 * 60;
const STRANGER_KEPT_MS = STRANGER_KEPT_SECONDS * 1000;
/**
 * How long it is known after a session which applications it was used for, in milliseconds: its end
 * may be written down late, by a server that did not run for a week.
 */
const OUTLIVES_MS = 7 * 24 * 60 * 60 * 1000;
/** Of requests of one session at once each round lets one through. */
const TRIES_MAX = 20;
/** Where somebody leaves one application and stays with us. */
const LEAVING = "end_session_confirm";

/**
 * The engine's sessions: each only points to one of ours, is there while that lives, and has of its
 * own just which clients it let in, for they are told of its end. Browsers that nobody is signed in
 * with have one for a form.
 */
export function sessionAdapter(host: OpenidHost): Adapter {
  const { artefacts } = host;
  const presence = () => presenceOf(workedOn());
  const ours = async (session: OpenidSession, jti: string): Promise<AdapterPayload> => {
    const own = (await artefacts.find("Session", session.sessionId))?.payload ?? {};
    return {
      ...own,
      jti,
      kind: "Session",
      uid: session.sessionId,
      accountId: session.userId,
      loginTs: Math.floor(session.authTimeMs / 1000),
      amr: [...session.amr],
      exp: Math.floor(session.expiresAtMs / 1000),
    };
  };
  return {
    find: async (id) => {
      const { session, cookie } = presence();
      if (session !== undefined) return id === cookie ? ours(session, id) : undefined;
      const stranger = await artefacts.find("Session", id);
      return stranger && ({ ...stranger.payload, jti: id } as AdapterPayload);
    },
    findByUid: async (uid) => {
      const session = await host.session(uid);
      return session && ours(session, uid);
    },
    upsert: async (id, payload) => {
      const { session } = presence();
      const { accountId, uid, authorizations, state } = payload;
      if (accountId !== undefined && accountId !== session?.userId) throw gone();
      const stated = state === undefined ? {} : { state };
      if (session !== undefined) {
        const { sessionId, userId, expiresAtMs: endsAtMs } = session;
        const expiresAtMs = endsAtMs + OUTLIVES_MS;
        const isLeaving = workedOn()?.oidc.route === LEAVING;
        for (let tries = 1; ; tries += 1) {
          const found = await artefacts.find("Session", sessionId);
          // Another request may have let in another client since this one began.
          const others = isLeaving ? {} : found?.payload["authorizations"];
          const clients = { ...(others as JsonObject | undefined), ...authorizations };
          const isUsed = Object.keys(clients).length > 0;
          const own = {
            ...(isUsed ? { accountId: userId, authorizations: clients } : {}),
            ...stated,
          } as JsonObject;
          if (JSON.stringify(found?.payload ?? {}) === JSON.stringify(own)) return;
          const keeping = { payload: own, expiresAtMs };
          if (await artefacts.exchange("Session", sessionId, found, keeping)) break;
          if (tries === TRIES_MAX) throw new HostUnavailable("Contended");
        }
        // Whoever is let in after the end would never hear of it.
        if ((await host.session(sessionId)) === undefined) throw gone();
        return;
      }
      const ctx = workedOn();
      if (ctx !== undefined) await admitStranger(host, ctx);
      const own = {
        ...(authorizations === undefined ? {} : { authorizations }),
        ...stated,
      } as JsonObject;
      const exp = Math.floor((host.nowMs() + STRANGER_KEPT_MS) / 1000);
      await artefacts.put("Session", id, {
        payload: { ...own, kind: "Session", ...(uid === undefined ? {} : { uid }), exp },
        expiresAtMs: host.nowMs() + STRANGER_KEPT_MS,
      });
    },
    // A session of ours ends by a command, and only the engine's own id changes here.
    destroy: async (id) => {
      if (presence().session === undefined) await artefacts.remove("Session", id);
    },
    findByUserCode: async () => undefined,
    consume: async () => undefined,
    revokeByGrantId: async () => undefined,
  };
}

/** Ends the session of ours that the engine's points to. */
export async function endSession(
  host: OpenidHost,
  { request, session, cookies }: Presence,
): Promise<void> {
  if (session === undefined) return;
  cookies.push(...(await host.endSession(request, session)));
}

function gone(): Error {
  return new errors.SessionNotFound("the session ended meanwhile");
}
