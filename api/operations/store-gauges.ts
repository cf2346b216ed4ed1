import * as Effect from "effect/Effect";
import type { Services } from "../http/services.ts";
import type { Settings } from "../http/settings.ts";
import { health } from "./health.ts";
import { gauge } from "./prometheus-text.ts";

type Series = ReturnType<typeof gauge>;
type Health = Effect.Success<ReturnType<typeof health>>;

const UP = "authledger_store_up";
const ANSWERS = "Whether the store answers";

/** Read now; where the store is away, one gauge says so and what is in it is left out. */
export const storeGauges = (
  settings: Pick<Settings, "mail">,
): Effect.Effect<ReadonlyArray<Series>, never, Services> =>
  health(settings, new Date()).pipe(
    Effect.map((found) => [gauge(UP, ANSWERS, 1), ...healthGauges(found)]),
    Effect.catch(() => Effect.succeed([gauge(UP, ANSWERS, 0)])),
  );

function healthGauges({ ledgers, models, consumers, mail }: Health): ReadonlyArray<Series> {
  return [
    ...ledgers.flatMap(({ ledger, position, blockedAt }) => [
      gauge("authledger_ledger_position", "Position of the newest event", position, { ledger }),
      gauge(
        "authledger_ledger_blocked",
        "Whether a forged row blocks every append",
        blockedAt === undefined ? 0 : 1,
        { ledger },
      ),
    ]),
    ...models.flatMap((status) => modelGauges(status)),
    ...consumers.flatMap(({ name: consumer, lag, problem }) => [
      gauge("authledger_consumer_lag_events", "Events a follower has not come to yet", lag, {
        consumer,
      }),
      gauge(
        "authledger_consumer_stands_still",
        "Whether a follower cannot go on",
        problem === undefined ? 0 : 1,
        { consumer },
      ),
    ]),
    gauge("authledger_outbox_waiting", "Mails that wait, up to 10,000", mail.waiting),
    gauge(
      "authledger_outbox_failing",
      "Mails that wait after two attempts or more, up to 10,000",
      mail.failing,
    ),
  ];
}

function modelGauges(status: Health["models"][number]): ReadonlyArray<Series> {
  const labels = { model: status.model };
  return [
    gauge(
      "authledger_projection_lag_events",
      "Events that a read model has not folded yet",
      status.lag,
      labels,
    ),
    gauge(
      "authledger_projection_parked_keys",
      "Keys of a read model that cannot be known until the program is mended",
      status.parked,
      labels,
    ),
    gauge(
      "authledger_projection_stands_still",
      "Whether a read model cannot go on",
      status.problem === undefined ? 0 : 1,
      labels,
    ),
    gauge(
      "authledger_projection_rebuilding",
      "Whether a read model is built anew beside the one in use",
      status.building === undefined ? 0 : 1,
      labels,
    ),
  ];
}
