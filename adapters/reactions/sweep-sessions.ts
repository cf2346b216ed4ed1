import * as Clock from "effect/Clock";
import * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import { mayImpersonate, type SessionEndReason } from "../../domain/session/mod.ts";
import type { SessionRow } from "../../projections/sessions.ts";
import { effectiveRoles, type UserRow } from "../../projections/users.ts";
import { Leases } from "../ports/leases.ts";
import type { Parked } from "../ports/read-models.ts";
import { SessionLookup } from "../ports/session-lookup.ts";
import { Stamps } from "../ports/stamps.ts";
import type { StoreUnavailable } from "../ports/store-unavailable.ts";
import { atNextTurn } from "./at-next-turn.ts";
import { DAY_MS, endThose, LIVE_DAYS_MAX, liveSince } from "./live-sessions.ts";
import { idleEndMs, SESSION_IDLE_MS } from "./session-expiry.ts";

const NAME = "sweep-sessions";
/** Nobody acts in another's name for longer than an hour, so who does is kept to the minute. */
const IMPERSONATIONS_INTERVAL = Duration.minutes(1);
/** An expired session is refused by itself; only that it is over is written down by this. */
const EXPIRED_INTERVAL = Duration.hours(6);
/** How far back a server looks that has not run for long; activity itself is kept 400 days. */
const DAYS_MAX = 400;

const meta = () => ({ actor: `process:${NAME}`, correlation: crypto.randomUUID() }) as const;

/**
 * Writes down that sessions have expired that began up to `days` ago, and how many they were. Costs
 * in proportion to the live sessions older than `SESSION_IDLE_MS`.
 */
export const endExpiredSessions = (days: number) =>
  Effect.gen(function* () {
    const nowMs = yield* Clock.currentTimeMillis;
    const stamps = yield* Stamps;
    let ended = 0;
    // The day on which the youngest began that can have expired, and one for clocks.
    for (let day = SESSION_IDLE_MS / DAY_MS - 1; day <= days; day++) {
      const tag = liveSince(nowMs - day * DAY_MS);
      const ofDay = endThose(tag, { requestId: NAME, meta: meta() }, (rows) =>
        Effect.map(
          stamps.get(
            "session",
            rows.map(({ id }) => id),
          ),
          (seen) => reasons(rows.filter((row) => idleEndMs(row, seen.get(row.id)) <= nowMs)),
        ),
      );
      ended += (yield* atNextTurn("end-expired-sessions")(ofDay)) ?? 0;
    }
    // What ended otherwise leaves its stamp behind.
    yield* stamps.forgetBefore("session", nowMs - LIVE_DAYS_MAX * DAY_MS);
    return ended;
  });

const reasons = (rows: ReadonlyArray<SessionRow>): ReadonlyMap<string, SessionEndReason> =>
  new Map(rows.map((row) => [row.id, "expired"]));

/** Writes down that nobody acts any more in the sessions of which that is so. */
export const endImpersonations = Effect.gen(function* () {
  const nowMs = yield* Clock.currentTimeMillis;
  const { find } = yield* SessionLookup;
  const reasonOf = Effect.fnUntraced(function* (
    row: SessionRow,
  ): Effect.fn.Return<SessionEndReason | undefined, StoreUnavailable | Parked> {
    if (idleEndMs(row) <= nowMs) return "expired";
    const found = yield* find(row.id);
    const behind = found?.impersonator;
    if (found?.user === undefined || behind?.user === undefined || found.revoked) return undefined;
    const { endedAt } = behind.session as SessionRow;
    const isOver = idleEndMs(behind.session as SessionRow, behind.lastSeenMs) <= nowMs;
    if (endedAt !== undefined || isOver || behind.revoked) return "impersonation-ended";
    const [by, user] = [behind.user as UserRow, found.user as UserRow];
    const may = mayImpersonate(effectiveRoles(by), effectiveRoles(user));
    return may ? undefined : "role-lost";
  });
  return yield* endThose("live-impersonation", { requestId: NAME, meta: meta() }, (rows) =>
    Effect.map(
      // One that cannot be judged keeps none of the others.
      Effect.forEach(rows, (row) =>
        Effect.map(atNextTurn("end-impersonations")(reasonOf(row)), (reason) => ({ row, reason })),
      ),
      (judged) =>
        new Map(
          judged.flatMap(
            ({ row, reason }): ReadonlyArray<[string, SessionEndReason]> =>
              reason === undefined ? [] : [[row.id, reason]],
          ),
        ),
    ),
  );
});

/** Sweeps in one process at a time, for ever; what failed is tried at the next turn. */
export const runSweepSessions = Effect.gen(function* () {
  const { hold } = yield* Leases;
  const impersonations = endImpersonations.pipe(
    atNextTurn("end-impersonations"),
    Effect.repeat(Schedule.spaced(IMPERSONATIONS_INTERVAL)),
  );
  const expired = endExpiredSessions(LIVE_DAYS_MAX).pipe(
    atNextTurn("end-expired-sessions"),
    Effect.repeat(Schedule.spaced(EXPIRED_INTERVAL)),
  );
  const all = atNextTurn("end-expired-sessions")(endExpiredSessions(DAYS_MAX)).pipe(
    Effect.andThen(Effect.all([impersonations, expired], { concurrency: 2 })),
  );
  return yield* hold(NAME, all);
});
