import * as Effect from "effect/Effect";
import { SigningKeys } from "../../adapters/ports/signing-keys.ts";
import { commandKeyring, type KeyringRequest } from "../../adapters/reactions/command-keyring.ts";
import type { RequestContext } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import { reachDecided } from "../http/positions.ts";
import type { Caller } from "../session/caller.ts";

/** One command about the signing keys; answers when this server signs and publishes by it. */
export const commandKeys = (
  call: RequestContext & { readonly caller: Caller },
  request: KeyringRequest,
) =>
  Effect.gen(function* () {
    const meta = yield* metaOf(call, `user:${call.caller.userId}`);
    const requestId = `${call.commandId}/keyring`;
    const done = yield* commandKeyring(request, { requestId, meta });
    const reached = yield* reachDecided(["jwks"], done.position);
    yield* (yield* SigningKeys).reach(reached);
    return done;
  });
