import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { sessionCodec } from "../../adapters/codec/session.ts";
import type { WrappedDataKey } from "../../adapters/ports/ledger.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { Stamps } from "../../adapters/ports/stamps.ts";
import { endSessionsOf as endThem } from "../../adapters/reactions/end-sessions-of.ts";
import { SESSION_IDLE_MS, SESSION_LIFETIME_MS } from "../../adapters/reactions/session-expiry.ts";
import { transact } from "../../adapters/transact.ts";
import { invariant } from "../../domain/invariant.ts";
import type { Actor, Meta } from "../../domain/ledger/entry.ts";
import type { EndSessionsOf } from "../../domain/processes/end-sessions.ts";
import type { Sealed } from "../../domain/sealed.ts";
import {
  type Impersonator,
  type SessionEndReason,
  type SessionMethod,
  session,
} from "../../domain/session/mod.ts";
import type { VaultReference } from "../../domain/vault-reference.ts";
import type { RequestContext } from "../http/call.ts";
import { sessionCookies } from "../http/cookies.ts";
import { metaOf } from "../http/meta.ts";
import { REACH_DEADLINE_MS } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { deviceOf } from "../mail/device-name.ts";
import { isCurrentPassword } from "../passwords/stored-password.ts";
import { sessionOf } from "./caller.ts";
import { digestsOf, newCredential } from "./credential.ts";
import { recogniseDevice } from "./recognise-device.ts";

type Opened = {
  readonly userId: string;
  readonly method: SessionMethod;
  /** The absolute cap, RFC 3339. */
  readonly expiresAt: string;
  readonly meta: Meta;
  /** Absent when it is the first one, or nobody can say. */
  readonly device?: "known" | "new";
  readonly impersonator?: Impersonator;
  readonly reason?: Sealed;
  /** What the reason is sealed with, when it is new. */
  readonly create?: ReadonlyArray<WrappedDataKey>;
};

/** Appends the start of a session; `position` is the event's, in activity. */
export const openSession = (context: RequestContext, { meta, create = [], ...opened }: Opened) =>
  Effect.gen(function* () {
    const credential = newCredential();
    const id = credential.sessionId;
    const device = deviceOf(context.headers.get("user-agent"));
    const { row, reference } = (yield* Sealer).enclose({
      ledger: "activity",
      id,
      kind: "session",
      owner: `user:${opened.userId}`,
      plaintext: digestsOf(credential),
    });
    const { position } = yield* transact({
      decider: session,
      codec: sessionCodec,
      id,
      requestId: `${context.commandId}/session/${id}`,
      command: { type: "StartSession", ...opened, ...device, credential: reference },
      meta,
      along: () => ({ vault: { put: [row] }, dataKeys: { create } }),
    });
    invariant(position !== undefined, "a new session that appends nothing");
    return { credential, position };
  });

/**
 * Starts a session and answers its `Set-Cookie` values once the next request will find it. A
 * session that the request came with ends: an id is never kept across a sign-in.
 */
export const startSession = (
  context: RequestContext,
  opened: {
    readonly userId: string;
    readonly method: SessionMethod;
    /** What opened the door: replaced meanwhile, it opened nothing. */
    readonly password?: VaultReference | undefined;
  },
) =>
  Effect.gen(function* () {
    const { userId, method, password } = opened;
    const now = yield* Clock.currentTimeMillis;
    // A guest has nothing to be told about.
    const from =
      method === "guest"
        ? { cookies: [], remember: Effect.void }
        : yield* recogniseDevice(context, userId);
    const { credential, position } = yield* openSession(context, {
      userId,
      method,
      ...("device" in from ? { device: from.device } : {}),
      expiresAt: new Date(now + SESSION_LIFETIME_MS).toISOString(),
      meta: yield* metaOf(context, `user:${userId}`, "activity"),
    });
    // Asked once the session stands: whoever replaces the password later finds and ends it.
    if (password !== undefined && !(yield* isCurrentPassword(userId, password))) {
      const ending = { sessionId: credential.sessionId, reason: "password-replaced" } as const;
      yield* endSession(context, `user:${userId}`, ending);
      return yield* refuse(401, "invalid_credentials");
    }
    if (method !== "guest") {
      // Volatile: a store that takes no such stamp refuses nobody for it.
      yield* Effect.ignore((yield* Stamps).touch("sign-in", userId, now));
    }
    // Only now: a sign-in that failed before this is news still when it is tried again.
    yield* from.remember;
    const caller = sessionOf(context.caller);
    if (caller !== undefined) {
      const promoted = caller.user.guest && caller.userId === userId;
      yield* endSession(context, `user:${caller.userId}`, {
        sessionId: caller.sessionId,
        reason: promoted ? "promoted" : "rotated",
      });
    }
    yield* (yield* ReadModels).reach("sessions", position, REACH_DEADLINE_MS);
    const cookies = sessionCookies(context.settings, credential, SESSION_IDLE_MS / 1000);
    return [...cookies, ...from.cookies];
  });

type Ending = { readonly sessionId: string; readonly reason: SessionEndReason };

/** Ends one session and answers once it is refused. */
export const endSession = (context: RequestContext, actor: Actor, ending: Ending) =>
  Effect.gen(function* () {
    const { sessionId, reason } = ending;
    const { position } = yield* transact({
      decider: session,
      codec: sessionCodec,
      id: sessionId,
      requestId: `${context.commandId}/end/${sessionId}`,
      command: { type: "EndSession", reason },
      meta: yield* metaOf(context, actor, "activity"),
      along: () => ({ vault: { remove: [sessionId] } }),
    });
    if (position === undefined) return;
    yield* (yield* ReadModels).reach("sessions", position, REACH_DEADLINE_MS);
  });

/**
 * Ends every session of a user that has begun by now, except one; answers once they are refused.
 */
export const endSessionsOf = (
  context: RequestContext,
  actor: Actor,
  command: Omit<EndSessionsOf, "type">,
) =>
  Effect.gen(function* () {
    yield* endThem({
      command: { type: "EndSessionsOf", ...command },
      requestId: `${context.commandId}/end`,
      meta: yield* metaOf(context, actor, "activity"),
      deadlineMs: REACH_DEADLINE_MS,
    });
  });
