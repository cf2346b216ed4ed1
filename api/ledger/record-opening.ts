import * as Effect from "effect/Effect";
import { disclosureCodec } from "../../adapters/codec/disclosure.ts";
import { transact } from "../../adapters/transact.ts";
import { type DisclosureCommand, disclosure } from "../../domain/disclosure/mod.ts";
import type { Call } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";

type Opened = Pick<DisclosureCommand, "userId" | "what">;

/** Before anything is shown: what cannot be recorded is not opened. */
export const recordOpening = (call: Call<unknown, unknown, unknown>, { userId, what }: Opened) =>
  Effect.gen(function* () {
    yield* transact({
      decider: disclosure,
      codec: disclosureCodec,
      id: userId,
      requestId: `${call.commandId}/disclosure/${userId}`,
      command: { type: "OpenPersonalData", userId, what },
      meta: yield* metaOf(call, `user:${call.caller.userId}`, "activity"),
      expect: "any",
    });
  });
