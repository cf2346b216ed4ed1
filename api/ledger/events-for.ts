import * as Effect from "effect/Effect";
import { sealedIn } from "../../adapters/codec/catalogue.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import type { Call } from "../http/call.ts";
import { viewEvents } from "./event-view.ts";
import { recordOpening } from "./record-opening.ts";

type Asking = Call<unknown, unknown, unknown>;

/**
 * Events as whoever asks may see them. A program reads what is personal only with the scope for it,
 * and each person of whom it does so is on record, in activity, before it is answered.
 */
export const eventsFor = (call: Asking, records: ReadonlyArray<LedgerRecord>) =>
  Effect.gen(function* () {
    const { token } = call.caller;
    if (token === undefined) return yield* viewEvents(records);
    const opens = token.scopes.has("ledger:read:personal");
    if (opens) {
      for (const userId of peopleIn(records))
        yield* recordOpening(call, { userId, what: "events" });
    }
    return yield* viewEvents(records, opens);
  });

const USER = "user:";

/** Whose personal values the records have. */
function peopleIn(records: ReadonlyArray<LedgerRecord>): ReadonlySet<string> {
  const owners = records.flatMap((record) => sealedIn(record).map(({ sealed }) => sealed.owner));
  return new Set(
    owners.filter((owner) => owner.startsWith(USER)).map((owner) => owner.slice(USER.length)),
  );
}
