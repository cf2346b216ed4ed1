import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import { lapseInvitations } from "./lapse-invitations.ts";
import { lapseNewcomers } from "./lapse-newcomers.ts";

/** Nobody waits for it: what has expired opens nothing, swept or not. */
const INTERVAL = "10 minutes";

/** Lets go of what was offered to somebody who did not come, now and then. */
export const runLapses = Effect.ignore(lapseInvitations).pipe(
  Effect.andThen(Effect.ignore(lapseNewcomers)),
  Effect.repeat(Schedule.spaced(INTERVAL)),
  Effect.andThen(Effect.never),
);
