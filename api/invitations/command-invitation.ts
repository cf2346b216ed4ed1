import * as Effect from "effect/Effect";
import { invitationCodec } from "../../adapters/codec/invitation.ts";
import type { WrappedDataKey } from "../../adapters/ports/ledger.ts";
import { load, transact } from "../../adapters/transact.ts";
import { type InvitationCommand, invitation } from "../../domain/invitation/mod.ts";
import type { RequestContext } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";

const aggregate = { decider: invitation, codec: invitationCodec };

/** One invitation at the head of its stream. */
export const invitationNow = (id: string) => Effect.map(load(aggregate, id), ({ state }) => state);

type Commanded = {
  readonly id: string;
  readonly actorId: string;
  readonly command: InvitationCommand;
  /** Made with the invitation; what ends it destroys its key. */
  readonly create?: WrappedDataKey;
};

/** One command about one invitation. */
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
      along: () => ({
        dataKeys: create === undefined ? { destroy: [`invitation:${id}`] } : { create: [create] },
      }),
    });
  });
