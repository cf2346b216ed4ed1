import * as Effect from "effect/Effect";
import * as Metric from "effect/Metric";

/** `given_up` also stands for those before it that failed and were tried again. */
export type LogoutOutcome = "delivered" | "dropped" | "failed" | "given_up";

const notices = (outcome: LogoutOutcome) =>
  Metric.counter("authledger_backchannel_logouts_total", {
    description: "Attempts to tell an application that a session is over, by what they came to",
    attributes: { outcome },
  });

/** Counts attempts into the registry of the context. */
export const logoutMeter = Effect.map(
  Effect.context<never>(),
  (context) =>
    (outcome: LogoutOutcome, times = 1) =>
      notices(outcome).updateUnsafe(times, context),
);
