import * as Effect from "effect/Effect";
import * as Latch from "effect/Latch";
import * as Schedule from "effect/Schedule";
import { KnownDevices } from "../../adapters/ports/known-devices.ts";
import { OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";
import { Outbox } from "../../adapters/ports/outbox.ts";
import type { StoreUnavailable } from "../../adapters/ports/store-unavailable.ts";
import { runMailQueue } from "../../adapters/reactions/queue-mail.ts";
import { type Sending, sendMail } from "./send-mail.ts";

/** Mails that one process sends at once; a slow one does not hold up the others. */
const CLAIMED_MAX = 8;
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
  const waited = latch.await.pipe(Effect.timeoutOption(POLL), Effect.andThen(latch.close));
  yield* waited.pipe(
    Effect.andThen(sendAllDue(run)),
    Effect.catchCause(() => Effect.sleep(POLL)),
    Effect.repeat(Schedule.forever),
    Effect.forkScoped,
  );
});

/** Sends until nothing is due; answers how many were tried. */
export const sendAllDue = (sending: Sending) =>
  Effect.gen(function* () {
    const { claim } = yield* Outbox;
    let tried = 0;
    for (;;) {
      const rows = yield* claim({ limit: CLAIMED_MAX, leaseMs: CLAIM_LEASE_MS });
      if (rows.length === 0) return tried;
      // One that cannot be recorded is due again when its claim ends.
      yield* Effect.forEach(rows, (row) => Effect.ignore(sendMail(sending, row)), {
        concurrency: "unbounded",
        discard: true,
      });
      tried += rows.length;
    }
  });

const sweeping = Effect.gen(function* () {
  const sweeps = [(yield* OneTimeTokens).sweep, (yield* Outbox).sweep, (yield* KnownDevices).sweep];
  yield* Effect.forEach(sweeps, swept, { discard: true });
  yield* Effect.sleep(SWEEP_INTERVAL);
}).pipe(Effect.repeat(Schedule.forever));

/** A sweep forgets a bounded number of rows: again, until nothing is left to forget. */
const swept = (sweep: Effect.Effect<number, StoreUnavailable>) =>
  sweep.pipe(Effect.repeat({ until: (gone) => gone === 0 }), Effect.ignore);
