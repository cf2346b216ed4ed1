import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { resourceServerCodec } from "../../adapters/codec/resource-server.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { ResourceServers } from "../../adapters/ports/resource-servers.ts";
import { transact } from "../../adapters/transact.ts";
import { ACCESS_TOKEN_SECONDS_MAX } from "../../domain/client/mod.ts";
import {
  type ResourceServerCommand,
  resourceServer,
  spelled,
} from "../../domain/resource-server/mod.ts";
import type { ResourceServerRow } from "../../projections/resource-servers.ts";
import type { RequestContext } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import { reachDecided } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import type { Caller } from "../session/caller.ts";
import { claimOf } from "../sign-up/claims.ts";
import { viewResourceServer } from "./resource-server-view.ts";

const MODEL = "resource_servers";
const AUDIENCE = "audience";
/** The longest that a token may name it after its removal. */
export const AUDIENCE_QUARANTINE_MS = ACCESS_TOKEN_SECONDS_MAX * 1_000;

type Commanded = { readonly id: string; readonly command: ResourceServerCommand };

/**
 * One command about one API; answers once the read model has it. Its audience is claimed in the
 * same transaction, so of two with one audience at once exactly one passes.
 *
 * Errors: 400 invalid_field, 404 not_found, 409 audience_taken, already_exists.
 */
export const commandResourceServer = (
  call: RequestContext & { readonly caller: Caller },
  { id, command }: Commanded,
) =>
  Effect.gen(function* () {
    const { take, release } = yield* claimsOf(call, { id, command });
    const { outcome, position } = yield* transact({
      decider: resourceServer,
      codec: resourceServerCodec,
      id,
      requestId: `${call.commandId}/resource-server/${id}`,
      command,
      meta: yield* metaOf(call, `user:${call.caller.userId}`),
      along: () => ({ claims: { take, release } }),
    }).pipe(Effect.catchTag("ClaimTaken", () => refuse(409, "audience_taken")));
    switch (outcome) {
      case "registered":
      case "revised":
      case "removed":
        break;
      case "unknown_resource_server":
        return yield* refuse(404, "not_found");
      case "already_registered":
        return yield* refuse(409, "already_exists");
      case "invalid_audience":
        return yield* refuse(400, "invalid_field", { field: "audience" });
      case "invalid_scope":
        return yield* refuse(400, "invalid_field", { field: "scopes" });
      default:
        return outcome satisfies never;
    }
    yield* reachDecided([MODEL], position);
    // Tokens are made from the model in memory: here it acts at once.
    if (position !== undefined) yield* (yield* ResourceServers).reach(position);
    return position;
  });

/** An audience is claimed in one spelling, and stays so until no token can name it any more. */
const claimsOf = ({ settings }: RequestContext, { id, command }: Commanded) =>
  Effect.gen(function* () {
    if (command.type === "RegisterResourceServer") {
      const audience = spelled(command.audience);
      if (audience === spelled(settings.url)) return yield* refuse(409, "audience_taken");
      return { take: [{ ...(yield* claimOf(AUDIENCE, audience)), owner: id }], release: [] };
    }
    if (command.type !== "RemoveResourceServer") return { take: [], release: [] };
    const endMs = (yield* Clock.currentTimeMillis) + AUDIENCE_QUARANTINE_MS;
    const quarantinedUntil = new Date(endMs).toISOString();
    return { take: [], release: [{ kind: AUDIENCE, owner: id, quarantinedUntil }] };
  });

/** One API as the read model has it; 404 where there is none. */
export const showResourceServer = (id: string) =>
  Effect.gen(function* () {
    const found = yield* (yield* ReadModels).get(MODEL, id);
    if (found === undefined) return yield* refuse(404, "not_found");
    return viewResourceServer(found.row as ResourceServerRow);
  });
