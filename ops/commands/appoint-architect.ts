import * as Effect from "effect/Effect";
import { recoveryCodec } from "../../adapters/codec/recovery.ts";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { OneTimeTokens } from "../../adapters/ports/one-time-tokens.ts";
import { transact } from "../../adapters/transact.ts";
import { userNow } from "../../api/users/user-now.ts";
import { invariant } from "../../domain/invariant.ts";
import { recovery } from "../../domain/recovery/mod.ts";
import type { Run } from "../command.ts";
import { findUser } from "../find-user.ts";
import type { StoreServices } from "../store.ts";
import { usageError } from "../usage-error.ts";

/** Long enough to open a link, short enough that one left on a screen is nobody's way in. */
const LINK_LIFETIME_MS = 15 * 60 * 1000;

/**
 * Prints a link, good once, by which one person signs in, may choose a password and becomes an
 * architect: for when no architect gets in any more. That it was issued is on record.
 */
export const run: Run<StoreServices> = Effect.fnUntraced(function* (context, { positionals }) {
  const [named, ...more] = positionals;
  if (named === undefined || more.length > 0) {
    return yield* usageError("Cannot issue a link: expected one user id or e-mail address");
  }
  const userId = yield* findUser(named);
  const { state, blocked } = yield* userNow(userId);
  if (!state.exists) return yield* usageError("Cannot find a user with that id");
  if (state.status === "erased" || state.guest || blocked) {
    const what = state.guest ? "a guest" : blocked ? "blocked" : "erased";
    return yield* usageError(`Cannot issue a link for user ${userId}, who is ${what}`);
  }
  const requestId = crypto.randomUUID();
  const expiresAt = new Date(Date.now() + LINK_LIFETIME_MS).toISOString();
  const { position } = yield* transact({
    decider: recovery,
    codec: recoveryCodec,
    id: userId,
    requestId,
    command: { type: "IssueArchitectLink", userId, expiresAt },
    meta: { actor: "operator:appoint-architect", correlation: requestId },
    expect: "any",
  });
  invariant(position !== undefined, "a link that appends nothing");
  const [record] = yield* (yield* Ledgers).activity.at([position]);
  invariant(record !== undefined, "what was just appended can be read");
  const token = yield* (yield* OneTimeTokens).issue("appoint-architect", {
    ...{ subject: userId, ledger: "activity", position, eventId: record.id, expiresAt },
    issuedAt: record.at,
  });
  const link = `${context.config.url}/appoint?token=${token}`;
  if (context.json) yield* context.out(JSON.stringify({ user: userId, link, expiresAt }));
  else {
    yield* context.out(link);
    yield* context.err(`Good once, until ${expiresAt}: whoever opens it is user ${userId}`);
  }
  return 0 as const;
});
