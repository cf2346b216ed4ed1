import * as Effect from "effect/Effect";
import { revocationCodec } from "../../adapters/codec/revocation.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { transact } from "../../adapters/transact.ts";
import { invariant } from "../../domain/invariant.ts";
import { EVERYBODY, revocation } from "../../domain/revocation/mod.ts";
import type { Call } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import { REACH_DEADLINE_MS } from "../http/positions.ts";
import { withdrawLinks } from "../mail/withdraw-links.ts";

type Revoked = {
  /** A user's id, or `EVERYBODY`. */
  readonly of: string;
  /** The session that stays. */
  readonly except?: string;
};

/**
 * Ends all sessions of somebody, or of everybody, by one fact: the cost is the same for a hundred
 * thousand, and all of them are refused from the answer on. The process `end-revoked-sessions`
 * marks each as ended afterwards.
 */
export const revokeSessions = (call: Call<unknown, unknown, unknown>, { of, except }: Revoked) =>
  Effect.gen(function* () {
    const { position } = yield* transact({
      decider: revocation,
      codec: revocationCodec,
      id: of,
      requestId: `${call.commandId}/revoke/${of}`,
      command: { type: "RevokeSessions", ...(except === undefined ? {} : { except }) },
      meta: yield* metaOf(call, `user:${call.caller.userId}`, "activity"),
      expect: "any",
    });
    invariant(position !== undefined, "a revocation that appends nothing");
    if (of !== EVERYBODY) yield* withdrawLinks(of);
    yield* (yield* ReadModels).reach("revocations", position, REACH_DEADLINE_MS);
  });
