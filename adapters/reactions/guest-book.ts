import * as Effect from "effect/Effect";
import { userCodec } from "../codec/user.ts";
import { Consumers } from "../ports/consumers.ts";
import { GuestBook } from "../ports/guest-book.ts";

/** Keeps the guest book, for ever: who begins to be a guest, and who is none any more. */
export const runGuestBook = Effect.gen(function* () {
  const consumers = yield* Consumers;
  const book = yield* GuestBook;
  return yield* consumers.run({
    name: "guest-book",
    ledger: "identity",
    handles: [
      "GuestAdmitted",
      "GuestPromoted",
      "GuestLeft",
      "GuestEvicted",
      "IdentityMerged",
      "UserErased",
    ],
    handle: ({ type, stream, at }) => {
      const userId = stream.slice(userCodec.category.length + 1);
      return type === "GuestAdmitted" ? book.enter(userId, Date.parse(at)) : book.leave(userId);
    },
  });
});
