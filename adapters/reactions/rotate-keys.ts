import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import { KEYRING_STREAM_ID, keyring } from "../../domain/keyring/mod.ts";
import { keyringCodec } from "../codec/keyring.ts";
import { Leases } from "../ports/leases.ts";
import { load } from "../transact.ts";
import { atNextTurn } from "./at-next-turn.ts";
import { commandKeyring } from "./command-keyring.ts";

const NAME = "rotate-keys";
/** A rotation is due every thirty days, and nobody waits for its minute. */
const INTERVAL = "10 minutes";

/** The rotation that is due, if one is; the first keys, where there are none. */
export const rotateDueKeys = Effect.suspend(() => {
  const requestId = crypto.randomUUID();
  return commandKeyring(
    { type: "RotateKeys", cause: "due" },
    { requestId, meta: { actor: `process:${NAME}`, correlation: requestId } },
  );
});

/** An installation that has signed nothing yet has no keys, and needs none. */
const rotateOnceUsed = Effect.gen(function* () {
  const { state } = yield* load({ decider: keyring, codec: keyringCodec }, KEYRING_STREAM_ID);
  if (state.size > 0) yield* rotateDueKeys;
});

/** Rotates what is due: in one process, now and then. */
export const runRotateKeys = Effect.gen(function* () {
  const { hold } = yield* Leases;
  const turn = rotateOnceUsed.pipe(atNextTurn(NAME), Effect.repeat(Schedule.spaced(INTERVAL)));
  return yield* hold(NAME, turn);
});
