import * as Effect from "effect/Effect";
import { invitation } from "../../domain/invitation/mod.ts";
import type { Meta } from "../../domain/ledger/entry.ts";
import type { OwnerId } from "../../domain/sealed.ts";
import { invitationCodec } from "../codec/invitation.ts";
import { Claims } from "../ports/claims.ts";
import { Keyring } from "../ports/keyring.ts";
import { OneTimeTokens } from "../ports/one-time-tokens.ts";
import { Sealer } from "../ports/sealer.ts";
import { transact } from "../transact.ts";

/** By which an address is one invitation's at a time. */
export const INVITED = "invitation";

/**
 * What goes with whatever ends an invitation: the key of its address, which only one has, and its
 * hold on the address.
 */
export function endingInvitation(id: string) {
  const owner: OwnerId = `invitation:${id}`;
  return {
    claims: { release: [{ kind: INVITED, owner: id }] },
    dataKeys: { require: [owner], destroy: [owner] },
  };
}

/**
 * Takes back the invitation to a normalised address, if one is open: another takes its place, or
 * the address is about to be forgotten. Idempotent.
 */
export const takeBackInvitation = (
  email: string,
  { requestId, meta }: { readonly requestId: string; readonly meta: Meta },
) =>
  Effect.gen(function* () {
    const digest = (yield* Keyring).claimDigest(INVITED, email);
    const id = yield* (yield* Claims).owner(INVITED, digest);
    if (id === undefined) return;
    const came = (yield* (yield* Sealer).key(`invitation:${id}`)) === undefined;
    yield* transact({
      decider: invitation,
      codec: invitationCodec,
      id,
      requestId: `${requestId}/invitation/${id}`,
      command: { type: "WithdrawInvitation", came },
      meta,
      along: () => endingInvitation(id),
    }).pipe(
      // They came this very moment.
      Effect.catchTag("OwnerDestroyed", () => Effect.void),
    );
    yield* (yield* OneTimeTokens).withdraw(id);
  });
