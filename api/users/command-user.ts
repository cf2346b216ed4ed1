import * as Effect from "effect/Effect";
import { userCodec } from "../../adapters/codec/user.ts";
import type { Append } from "../../adapters/ports/ledger.ts";
import { transact } from "../../adapters/transact.ts";
import { type User, type UserCommand, type UserEvent, user } from "../../domain/user/mod.ts";
import type { RequestContext } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";

type Commanded = {
  readonly userId: string;
  readonly command: UserCommand;
  /** Who acts; by default whoever the command is about. */
  readonly actorId?: string;
  /** Tells a second command of one request about the same user from the first. */
  readonly step?: string;
  readonly along?: (
    events: ReadonlyArray<UserEvent>,
    state: User,
  ) => Pick<Append, "claims" | "vault" | "dataKeys">;
};

/** Decides one command about one user and appends what follows from it. */
export const commandUser = (
  context: RequestContext,
  { userId, command, actorId = userId, step = "user", along }: Commanded,
) =>
  Effect.gen(function* () {
    return yield* transact({
      decider: user,
      codec: userCodec,
      id: userId,
      requestId: `${context.commandId}/${step}/${userId}`,
      command,
      meta: yield* metaOf(context, `user:${actorId}`),
      ...(along === undefined ? {} : { along }),
    });
  });
