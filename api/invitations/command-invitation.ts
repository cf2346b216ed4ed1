import * as Effect from "effect/Effect";
import { invitationCodec } from "../../adapters/codec/invitation.ts";
import type { Claim, WrappedDataKey } from "../../adapters/ports/ledger.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { endingInvitation } from "../../adapters/reactions/take-back-invitation.ts";
import { load, transact } from "../../adapters/transact.ts";
import {
  type InvitationCommand,
  type InvitationEvent,
  invitation,
} from "../../domain/invitation/mod.ts";
import type { RequestContext } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";

const aggregate = { decider: invitation, codec: invitationCodec };

/** One invitation at the head of its stream. */
export const invitationNow = (id: string) => Effect.map(load(aggregate, id), ({ state }) => state);

/** Whether somebody has come by an invitation that was accepted: then its key is gone. */
export const hasCome = (id: string) =>
  Effect.gen(function* () {
    return (yield* (yield* Sealer).key(`invitation:${id}`)) === undefined;
  });

type Commanded = {
  readonly id: string;
  readonly actorId: string;
  readonly command: InvitationCommand;
  /** Made with the invitation: the key of its address, and its hold on it. */
  readonly create?: { readonly key: WrappedDataKey; readonly claim: Claim };
};

/**
 * One command about one invitation.
 *
 * Errors: `OwnerDestroyed` when it would end an invitation by which somebody has just come.
 */
export const commandInvitation = (
  context: RequestContext,
  { id, actorId, command, create }: Commanded,
) =>
  Effect.gen(function* () {
    return yield* transact({
      ...aggregate,
      id,
      requestId: `${context.commandId}/invitation/${id}`,
      command,
      meta: yield* metaOf(context, `user:${actorId}`),
      along: (events) => goesAlong(events, id, create),
    });
  });

/**
 * The key of the address is what only one has: whoever takes the invitation back destroys it, or
 * whoever comes by it. An acceptance alone leaves it.
 */
function goesAlong(
  events: ReadonlyArray<InvitationEvent>,
  id: string,
  create: Commanded["create"],
) {
  if (create !== undefined) {
    return { claims: { take: [create.claim] }, dataKeys: { create: [create.key] } };
  }
  const ends = events.some(({ type }) => type !== "InvitationAccepted");
  return ends ? endingInvitation(id) : {};
}
