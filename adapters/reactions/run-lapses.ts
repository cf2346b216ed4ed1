import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import { Leases } from "../ports/leases.ts";
import { atNextTurn } from "./at-next-turn.ts";
import { lapseInvitations } from "./lapse-invitations.ts";
import { lapseNewcomers } from "./lapse-newcomers.ts";

/** Nobody waits for it: what has expired opens nothing, swept or not. */
const INTERVAL = "10 minutes";

/** Lets go of what was offered to somebody who did not come: in one process, now and then. */
export const runLapses = Effect.gen(function* () {
  const { hold } = yield* Leases;
  const sweep = lapseInvitations.pipe(
    atNextTurn("lapse-invitations"),
    Effect.andThen(atNextTurn("lapse-newcomers")(lapseNewcomers)),
    Effect.repeat(Schedule.spaced(INTERVAL)),
  );
  return yield* hold("lapse", sweep);
});
