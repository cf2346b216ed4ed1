import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { userCodec } from "../../adapters/codec/user.ts";
import { load } from "../../adapters/transact.ts";
import { isBlockedAt, user } from "../../domain/user/mod.ts";

/** Somebody at the head of their stream, and whether a block holds now. */
export const userNow = (userId: string) =>
  Effect.gen(function* () {
    const { state } = yield* load({ decider: user, codec: userCodec }, userId);
    const now = new Date(yield* Clock.currentTimeMillis).toISOString();
    return { state, blocked: isBlockedAt(state, now) };
  });
