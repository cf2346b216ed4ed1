import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import type { JsonObject } from "../../domain/json.ts";
import { entryId } from "../../domain/ledger/derive.ts";
import { notifyClients } from "../../domain/processes/notify-clients.ts";
import { sha256 } from "../crypto/hash.ts";
import { Artefacts } from "../ports/artefacts.ts";
import { LogoutNotices, type QueuedNotice } from "../ports/logout-notices.ts";
import { ReadModels } from "../ports/read-models.ts";
import { RegisteredClients } from "../ports/registered-clients.ts";
import { runProcess } from "./run-process.ts";

const HOUR_MS = 60 * 60 * 1000;
/** An application that has not answered for so long has other troubles than one session. */
export const NOTICE_KEPT_MS = 6 * HOUR_MS;

const DEADLINE_MS = 5_000;

/**
 * Runs the process `notify-clients`: which applications a session was used for stands in its
 * artefact, which goes once there is a notice for each that wants one. `wake` is called then.
 */
export const runNotifyClients = (wake: () => void) =>
  runProcess(notifyClients, ({ sessionId }, { record: { position }, requestId }) =>
    Effect.gen(function* () {
      // From here on no request adds an application: each looks at the session after it did.
      yield* (yield* ReadModels).reach("sessions", position, DEADLINE_MS);
      const artefacts = yield* Artefacts;
      const session = yield* artefacts.find("Session", sessionId);
      if (session === undefined) return;
      const expiresAtMs = (yield* Clock.currentTimeMillis) + NOTICE_KEPT_MS;
      const notices: Array<QueuedNotice> = [];
      for (const used of usedFor(session.payload)) {
        const client = yield* (yield* RegisteredClients).get(used.clientId);
        if (client?.backchannelLogoutUri === undefined) continue;
        const id = entryId(sha256, `${requestId}/${used.clientId}`, 0);
        notices.push({ id, ...used, expiresAtMs });
      }
      yield* (yield* LogoutNotices).put(notices);
      yield* artefacts.remove("Session", sessionId);
      if (notices.length > 0) wake();
    }),
  );

/** What the adapter of sessions keeps: who was signed in, and what each application calls it. */
function usedFor({ accountId: userId, authorizations }: JsonObject) {
  if (typeof userId !== "string") return [];
  return Object.entries((authorizations ?? {}) as JsonObject).flatMap(([clientId, authorized]) => {
    const { sid } = (authorized ?? {}) as JsonObject;
    return typeof sid === "string" ? [{ clientId, userId, sid }] : [];
  });
}
