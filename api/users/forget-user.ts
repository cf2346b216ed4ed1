import * as Effect from "effect/Effect";
import { KnownDevices } from "../../adapters/ports/known-devices.ts";
import { OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";
import { UserSearch } from "../../adapters/ports/user-search.ts";

/**
 * Lets go of what is volatile about somebody who is gone: the words by which they were found, the
 * devices that they came with, the links that were mailed to them.
 */
export const forgetUser = (userId: string) =>
  Effect.gen(function* () {
    yield* (yield* UserSearch).clear(userId);
    yield* (yield* KnownDevices).forget(userId);
    yield* (yield* OneTimeTokens).withdraw(userId);
  });
