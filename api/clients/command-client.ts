import * as Effect from "effect/Effect";
import { clientCodec } from "../../adapters/codec/client.ts";
import type { VaultRow } from "../../adapters/ports/ledger.ts";
import { RegisteredClients } from "../../adapters/ports/registered-clients.ts";
import { load, transact } from "../../adapters/transact.ts";
import {
  type Client,
  type ClientCommand,
  type ClientEvent,
  client,
} from "../../domain/client/mod.ts";
import type { Actor } from "../../domain/ledger/entry.ts";
import type { RequestContext } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import { reachDecided } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import type { Caller } from "../session/caller.ts";
import { hasAnyRole } from "../session/gate.ts";
import { vaultIdOf } from "./client-secret.ts";

const aggregate = { decider: client, codec: clientCodec };

/** One client at the head of its stream. */
export const clientNow = (clientId: string) =>
  Effect.map(load(aggregate, clientId), ({ state }) => state);

/** Architects alone give scopes of our API, and spare people the question of consent. */
export function isTrusting({ caller }: { readonly caller: Caller }): boolean {
  return hasAnyRole(caller, ["architect"]);
}

type Commanded = {
  readonly clientId: string;
  readonly command: ClientCommand;
  /** Names it among those of one request. */
  readonly step: string;
  readonly secret?: VaultRow;
};

/** One command about one client, by whom it is; answers once the read model has it. */
export const transactClient = (
  context: RequestContext,
  { actor, clientId, command, step, secret }: Commanded & { readonly actor: Actor },
) =>
  Effect.gen(function* () {
    const { outcome, position } = yield* transact({
      ...aggregate,
      id: clientId,
      requestId: `${context.commandId}/${step}/${clientId}`,
      command,
      meta: yield* metaOf(context, actor),
      along: (events, state) => ({ vault: vaultChanges(events, state, secret) }),
    });
    if (outcome.type === "done") {
      yield* reachDecided(["clients"], position);
      // Tokens are made from the model in memory: here it acts at once.
      if (position !== undefined) yield* (yield* RegisteredClients).reach(position);
    }
    return { outcome, position };
  });

/**
 * One command of an administrator about one client.
 *
 * Errors: 400 invalid_field for what does not fit, 403 forbidden, 404 not_found, 409
 * revoked_secret, too_many_secrets, keeps_no_secret.
 */
export const commandClient = (
  call: RequestContext & { readonly caller: Caller },
  commanded: Commanded,
) =>
  Effect.gen(function* () {
    const actor = `user:${call.caller.userId}` as const;
    const { outcome, position } = yield* transactClient(call, { ...commanded, actor });
    switch (outcome.type) {
      case "done":
        break;
      case "unknown_client":
      case "unknown_secret":
        return yield* refuse(404, "not_found");
      case "already_registered":
        return yield* refuse(409, "already_exists");
      case "revoked_secret":
      case "too_many_secrets":
      case "keeps_no_secret":
        return yield* refuse(409, outcome.type);
      case "not_trusting":
        return yield* refuse(403, "forbidden", { requires: "architect" });
      case "misfit":
        return yield* refuse(400, "invalid_field", { field: outcome.member });
      default:
        return outcome satisfies never;
    }
    return position;
  });

/** A digest comes with the event that issues its secret, and goes with the one that ends it. */
export function vaultChanges(
  events: ReadonlyArray<ClientEvent>,
  { secrets }: Client,
  secret: VaultRow | undefined,
) {
  const put = events.some(({ type }) => type === "ClientSecretIssued") && secret ? [secret] : [];
  const remove = events.flatMap((event) => {
    if (event.type === "ClientSecretRevoked") return [vaultIdOf(event.secretId)];
    return event.type === "ClientRemoved" ? secrets.map(({ id }) => vaultIdOf(id)) : [];
  });
  return { put, remove };
}
