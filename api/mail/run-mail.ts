import * as Effect from "effect/Effect";
import * as Latch from "effect/Latch";
import * as Schedule from "effect/Schedule";
import * as Semaphore from "effect/Semaphore";
import { KnownDevices } from "../../adapters/ports/known-devices.ts";
import { MailTransport } from "../../adapters/ports/mail-transport.ts";
import { OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";
import { Outbox } from "../../adapters/ports/outbox.ts";
import type { StoreUnavailable } from "../../adapters/ports/store-unavailable.ts";
import { atNextTurn } from "../../adapters/reactions/at-next-turn.ts";
import { runMailQueue } from "../../adapters/reactions/queue-mail.ts";
import { type Sending, sendMail } from "./send-mail.ts";

/** Longer than one attempt can take: past it, whoever claimed the mail has died. */
export const CLAIM_LEASE_MS = 2 * 60 * 1000;
/** What another process queued is seen after this, and what waits for its next attempt. */
const POLL = "2 seconds";
const SWEEP_INTERVAL = "10 minutes";

export type MailRun = Sending & {
  readonly verifySignUps: boolean;
  /** Whether there is anything that takes mails; without it nothing is queued. */
  readonly open: boolean;
};

/** Queues and sends mails until the scope closes, and forgets what is long over. */
export const runMail = Effect.fnUntraced(function* (run: MailRun) {
  yield* Effect.forkScoped(sweeping);
  if (!run.open) return;
  const latch = yield* Latch.make(false);
  const { verifySignUps } = run;
  yield* runMailQueue({ verifySignUps, wake: () => latch.openUnsafe() }).pipe(Effect.forkScoped);
  const { begin } = yield* senderOf(run);
  const waited = latch.await.pipe(Effect.timeoutOption(POLL), Effect.andThen(latch.close));
  yield* waited.pipe(
    Effect.andThen(begin.pipe(atNextTurn("claim-mail"))),
    Effect.repeat(Schedule.forever),
    Effect.forkScoped,
  );
});

/** Sends until nothing is due; answers how many were tried. */
export const sendAllDue = (sending: Sending) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { begin, done } = yield* senderOf(sending);
      const tried = yield* begin;
      yield* done;
      return tried;
    }),
  );

/**
 * Claims one mail whenever one of the transport's connections is free, so that no claim runs while
 * its mail waits, and a slow mail holds up one connection. `begin` returns when nothing is due any
 * more, `done` when nothing is being sent; what is begun ends with the scope.
 */
const senderOf = Effect.fnUntraced(function* (sending: Sending) {
  const { claim } = yield* Outbox;
  const { connections } = yield* MailTransport;
  const free = yield* Semaphore.make(connections);
  const scope = yield* Effect.scope;
  const leave = free.release(1);
  const beginNext = Effect.gen(function* () {
    const [row] = yield* claim({ limit: 1, leaseMs: CLAIM_LEASE_MS });
    if (row === undefined) return yield* Effect.as(leave, false);
    // One that cannot be settled is due again when its claim ends.
    yield* sendMail(sending, row).pipe(
      atNextTurn("send-mail"),
      Effect.ensuring(leave),
      Effect.forkIn(scope),
    );
    return true;
  }).pipe(Effect.onError(() => leave));
  const begin = Effect.gen(function* () {
    for (let begun = 0; ; begun++) {
      yield* free.take(1);
      if (!(yield* beginNext)) return begun;
    }
  });
  return { begin, done: free.take(connections).pipe(Effect.andThen(free.release(connections))) };
});

const sweeping = Effect.gen(function* () {
  const sweeps = [
    ["sweep-tokens", (yield* OneTimeTokens).sweep],
    ["sweep-outbox", (yield* Outbox).sweep],
    ["sweep-devices", (yield* KnownDevices).sweep],
  ] as const;
  for (const [name, sweep] of sweeps) yield* swept(sweep).pipe(atNextTurn(name));
  yield* Effect.sleep(SWEEP_INTERVAL);
}).pipe(Effect.repeat(Schedule.forever));

/** A sweep forgets a bounded number of rows: again, until nothing is left to forget. */
const swept = (sweep: Effect.Effect<number, StoreUnavailable>) =>
  sweep.pipe(Effect.repeat({ until: (gone) => gone === 0 }));
