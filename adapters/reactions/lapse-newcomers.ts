import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { MAIL_LIFETIME_MS, mail } from "../../domain/mail/mod.ts";
import { user } from "../../domain/user/mod.ts";
import type { NewcomerRow } from "../../projections/newcomers.ts";
import { mailCodec } from "../codec/mail.ts";
import { userCodec } from "../codec/user.ts";
import { load, transact } from "../transact.ts";
import { eachDue } from "./each-due.ts";

/** After its end a link may still be on its way through a request that spent it in time. */
const GRACE_MS = 60 * 60 * 1000;

/**
 * Lets go of those who asked for a link and never came: with the fact that it lapsed, the key that
 * their address was sealed under is destroyed. Of who did come, only the fact is noted. Idempotent,
 * so several processes may do it at once.
 */
export const lapseNewcomers = Effect.gen(function* () {
  const now = yield* Clock.currentTimeMillis;
  const before = new Date(now - MAIL_LIFETIME_MS["magic-link"] - GRACE_MS).toISOString();
  const isDue = (row: NewcomerRow) => row.requestedAt < before;
  yield* eachDue({ name: "lapse-newcomers", model: "newcomers", isDue }, lapse);
});

const lapse = ({ id, userId }: NewcomerRow) =>
  Effect.gen(function* () {
    const { state } = yield* load({ decider: user, codec: userCodec }, userId);
    yield* transact({
      decider: mail,
      codec: mailCodec,
      id,
      requestId: `mail/${id}/lapse`,
      command: { type: "LapseMail" },
      meta: { actor: "process:lapse", correlation: id },
      along: () => (state.exists ? {} : { dataKeys: { destroy: [`user:${userId}`] } }),
    });
  });
