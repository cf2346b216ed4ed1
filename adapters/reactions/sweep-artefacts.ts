import * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import { Artefacts } from "../ports/artefacts.ts";
import { Leases } from "../ports/leases.ts";
import { atNextTurn } from "./at-next-turn.ts";

const NAME = "sweep-artefacts";
/** What has expired is refused by itself; only the room that it takes is won back by this. */
const INTERVAL = Duration.minutes(1);

/** Forgets what has expired in one process at a time, for ever. */
export const runSweepArtefacts = Effect.gen(function* () {
  const { sweep } = yield* Artefacts;
  const swept = sweep.pipe(Effect.repeat({ until: (gone) => gone === 0 }));
  const sweeping = swept.pipe(atNextTurn(NAME), Effect.repeat(Schedule.spaced(INTERVAL)));
  return yield* (yield* Leases).hold(NAME, sweeping);
});
