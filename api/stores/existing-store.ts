import * as Effect from "effect/Effect";
import { storeCodec } from "../../adapters/codec/store.ts";
import { load } from "../../adapters/transact.ts";
import { store } from "../../domain/store/mod.ts";
import { refuse } from "../http/problem.ts";

/** Passes when the store exists, at the head; 404 otherwise. */
export const existingStore = (id: string) =>
  Effect.gen(function* () {
    const { state } = yield* load({ decider: store, codec: storeCodec }, id);
    if (state === undefined) return yield* refuse(404, "not_found");
  });
