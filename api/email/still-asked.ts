import * as Effect from "effect/Effect";
import { mailCodec } from "../../adapters/codec/mail.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import { EVERYBODY } from "../../domain/revocation/mod.ts";
import type { SessionEndReason } from "../../domain/session/mod.ts";
import type { RevocationRow } from "../../projections/revocations.ts";
import type { SessionRow } from "../../projections/sessions.ts";
import { refuse } from "../http/problem.ts";
import type { SessionCaller } from "../session/caller.ts";
import { userNow } from "../users/user-now.ts";

/** Ends of a session that say nothing against what was asked for in it. */
const HARMLESS: ReadonlySet<SessionEndReason> = new Set(["signed-out", "rotated", "expired"]);

/** Doors that only the person came through. */
const OWN_DOORS: ReadonlySet<string> = new Set(["password", "magic-link", "provider"]);

/**
 * Passes a change of address that still is what was asked for: the era of the person is the same,
 * nobody has ended the session that asked, or all of them, and whoever brings the link is in that
 * session or has proved since who they are. So whatever locks a thief out takes this from them too.
 *
 * Errors: 403 invalid_token, 403 elevation_required.
 */
export const stillAsked = (caller: SessionCaller, cause: LedgerRecord) =>
  Effect.gen(function* () {
    const event = mailCodec.decode(cause);
    if (event?.type !== "MailRequested" || event.purpose !== "email-change") {
      return yield* refuse(403, "invalid_token");
    }
    const { userId, session: askedIn, era } = event;
    const { state } = yield* userNow(userId);
    if (askedIn === undefined || userId !== caller.userId || era !== state.era) {
      return yield* refuse(403, "invalid_token");
    }
    const models = yield* ReadModels;
    const revocations = yield* models.many("revocations", [EVERYBODY, userId]);
    const ended = revocations.some(({ row }) => (row as RevocationRow).position > cause.position);
    const asking = (yield* models.get("sessions", askedIn))?.row as SessionRow | undefined;
    const reason = asking?.endReason;
    if (ended || (reason !== undefined && !HARMLESS.has(reason))) {
      return yield* refuse(403, "invalid_token");
    }
    const { id, method, position, elevatedAt = "" } = caller.session;
    const since = OWN_DOORS.has(method) && position > cause.position;
    if (id !== askedIn && !since && elevatedAt <= cause.at) {
      return yield* refuse(403, "elevation_required");
    }
  });
