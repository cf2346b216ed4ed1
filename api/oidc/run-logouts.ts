import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Latch from "effect/Latch";
import * as Random from "effect/Random";
import * as Schedule from "effect/Schedule";
import * as Semaphore from "effect/Semaphore";
import { type LogoutNotice, LogoutNotices } from "../../adapters/ports/logout-notices.ts";
import { SigningKeys } from "../../adapters/ports/signing-keys.ts";
import { atNextTurn } from "../../adapters/reactions/at-next-turn.ts";
import { runNotifyClients } from "../../adapters/reactions/notify-clients.ts";
import { clientTurns } from "./client-turns.ts";
import { deliverLogout } from "./deliver-logout.ts";
import { keySets } from "./key-set.ts";
import { logoutMeter } from "./logout-meter.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** What is waited after each failed attempt, the last one again and again until it is given up. */
export const NOTICE_RETRY_MS: ReadonlyArray<number> = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
];
/** After its failures an application is left alone for so long at most. */
const PAUSE_MS_MAX = MINUTE_MS;
/** Of the wait, what chance adds or takes: what failed together does not come back together. */
const JITTER = 0.2;
/** Longer than one attempt can take: past it, whoever claimed the notice has died. */
const LEASE_MS = 30 * SECOND_MS;
/** Notices on their way: as many applications may be slow before others wait. */
const AT_ONCE = 32;
/** What another process queued is seen after this, and what waits for its next attempt. */
const POLL_MS = 2 * SECOND_MS;
const EXPIRE_INTERVAL_MS = MINUTE_MS;

export type Logouts = {
  readonly issuer: string;
  /** For tests: other waits than ours. */
  readonly retryMs?: ReadonlyArray<number>;
  readonly leaseMs?: number;
  readonly pollMs?: number;
};

/** Follows the ends of sessions and tells the applications of each, until the scope closes. */
export const runLogouts = Effect.fnUntraced(function* (logouts: Logouts) {
  const latch = yield* Latch.make(true);
  yield* runNotifyClients(() => latch.openUnsafe()).pipe(Effect.forkScoped);
  const again = <A, E, R>(work: Effect.Effect<A, E, R>) =>
    work.pipe(Effect.repeat(Schedule.forever), Effect.forkScoped);
  const begin = yield* delivererOf(logouts, () => latch.openUnsafe());
  const { pollMs = POLL_MS } = logouts;
  const waited = latch.await.pipe(Effect.timeoutOption(pollMs), Effect.andThen(latch.close));
  yield* again(waited.pipe(Effect.andThen(begin.pipe(atNextTurn("claim-logout")))));
  const expiring = expire.pipe(atNextTurn("expire-logouts"));
  yield* again(expiring.pipe(Effect.andThen(Effect.sleep(EXPIRE_INTERVAL_MS))));
});

/** Begins to deliver whatever is due and fits; what is begun ends with the scope. */
const delivererOf = Effect.fnUntraced(function* (logouts: Logouts, wake: () => void) {
  const { retryMs = NOTICE_RETRY_MS, leaseMs = LEASE_MS, issuer } = logouts;
  const waitMs = (times: number) => retryMs[Math.min(times, retryMs.length) - 1] ?? 0;
  const notices = yield* LogoutNotices;
  const count = yield* logoutMeter;
  const scope = yield* Effect.scope;
  const free = yield* Semaphore.make(AT_ONCE);
  const turns = clientTurns((failures) => Math.min(waitMs(failures), PAUSE_MS_MAX));
  const how = { issuer, keys: keySets(yield* SigningKeys).current };
  const deliver = Effect.fnUntraced(function* (notice: LogoutNotice) {
    const delivery = yield* deliverLogout(notice, how);
    count(delivery.outcome);
    if (delivery.outcome !== "failed") return yield* Effect.as(notices.remove(notice.id), delivery);
    const wait = waitMs(notice.attempts) * (1 + JITTER * (2 * (yield* Random.next) - 1));
    const now = yield* Clock.currentTimeMillis;
    yield* notices.postpone(notice, Math.ceil(now + wait));
    return delivery;
  });
  /** A notice that could not be settled is due again when its claim ends. */
  const turn = Effect.fnUntraced(function* (notice: LogoutNotice) {
    const { clientId } = notice;
    const delivery = yield* deliver(notice).pipe(atNextTurn("deliver-logout"));
    const failed = delivery === undefined || delivery.outcome === "failed";
    const begins = turns.ended(clientId, { failed, nowMs: yield* Clock.currentTimeMillis });
    if (!begins) return;
    const error = delivery?.outcome === "failed" ? delivery.code : "unsettled";
    yield* Effect.logWarning("An application does not hear that sessions are over").pipe(
      Effect.annotateLogs({ clientId, error }),
    );
  });
  const beginNext = Effect.gen(function* () {
    const except = turns.except(yield* Clock.currentTimeMillis);
    const [notice] = yield* notices.claim({ limit: 1, leaseMs, except });
    if (notice === undefined) return yield* Effect.as(free.release(1), false);
    turns.began(notice.clientId);
    const done = Effect.andThen(free.release(1), Effect.sync(wake));
    yield* turn(notice).pipe(Effect.ensuring(done), Effect.forkIn(scope));
    return true;
  }).pipe(Effect.onError(() => free.release(1)));
  return Effect.gen(function* () {
    do yield* free.take(1);
    while (yield* beginNext);
  });
});

/** Gives up what nobody took for hours. */
const expire = Effect.gen(function* () {
  const { expire: some } = yield* LogoutNotices;
  const count = yield* logoutMeter;
  for (let gone = yield* some; gone.length > 0; gone = yield* some) {
    count("given_up", gone.length);
    for (const clientId of new Set(gone)) {
      const times = gone.filter((each) => each === clientId).length;
      yield* Effect.logWarning("An application was never told that sessions are over").pipe(
        Effect.annotateLogs({ clientId, count: times }),
      );
    }
  }
});
