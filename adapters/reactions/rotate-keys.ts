import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import { Leases } from "../ports/leases.ts";
import { atNextTurn } from "./at-next-turn.ts";
import { commandKeyring } from "./command-keyring.ts";

const NAME = "rotate-keys";
/** A rotation is due every thirty days, and nobody waits for its minute. */
const INTERVAL = "10 minutes";
/** What a start needs comes first: who asks for a key before has it made. */
const FIRST_AFTER = "5 seconds";

/** The rotation that is due, if one is: the first keys, where there are none. */
export const rotateDueKeys = Effect.suspend(() => {
  const requestId = crypto.randomUUID();
  return commandKeyring(
    { type: "RotateKeys", cause: "due" },
    { requestId, meta: { actor: `process:${NAME}`, correlation: requestId } },
  );
});

/** Rotates what is due: in one process, now and then. */
export const runRotateKeys = Effect.gen(function* () {
  const { hold } = yield* Leases;
  const turn = rotateDueKeys.pipe(atNextTurn(NAME), Effect.repeat(Schedule.spaced(INTERVAL)));
  return yield* Effect.delay(hold(NAME, turn), FIRST_AFTER);
});
