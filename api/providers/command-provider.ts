import * as Effect from "effect/Effect";
import { providerCodec } from "../../adapters/codec/provider.ts";
import type { VaultRow } from "../../adapters/ports/ledger.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { load, transact } from "../../adapters/transact.ts";
import type { Meta } from "../../domain/ledger/entry.ts";
import { type ProviderCommand, type ProviderEvent, provider } from "../../domain/provider/mod.ts";
import type { ProviderRow } from "../../projections/providers.ts";
import type { RequestContext } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import { reachDecided } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import type { Settings } from "../http/settings.ts";
import type { Caller } from "../session/caller.ts";
import { viewProvider } from "./provider-view.ts";

const MODEL = "providers";
const aggregate = { decider: provider, codec: providerCodec };

type Commanded = {
  readonly id: string;
  readonly command: ProviderCommand;
  readonly secret?: VaultRow | undefined;
  readonly requestId: string;
  readonly meta: Meta;
};

/** One provider at the head of its stream. */
export const providerNow = (id: string) => Effect.map(load(aggregate, id), ({ state }) => state);

/** Appends what follows from one command; a secret that is replaced goes with it. */
export const transactProvider = ({ id, command, secret, requestId, meta }: Commanded) =>
  transact({
    ...aggregate,
    id,
    requestId,
    command,
    meta,
    along: (events, state) => {
      const before = state.status === "open" ? state.secret : undefined;
      const named = events.flatMap(secretOf);
      const put = secret !== undefined && named.includes(secret.id) ? [secret] : [];
      const isGone = before !== undefined && !named.includes(before.id);
      return { vault: { put, remove: isGone ? [before.id] : [] } };
    },
  });

function secretOf(event: ProviderEvent): ReadonlyArray<string> {
  return event.type === "ProviderClosed" || event.secret === undefined ? [] : [event.secret.id];
}

/**
 * One command of an architect; answers once the read model has it.
 *
 * Errors: 400 invalid_field, 404 not_found, 409 already_exists, other_issuer, from_environment.
 */
export const commandProvider = (
  call: RequestContext & { readonly caller: Caller },
  commanded: Pick<Commanded, "id" | "command" | "secret">,
) =>
  Effect.gen(function* () {
    const { outcome, position } = yield* transactProvider({
      ...commanded,
      requestId: `${call.commandId}/provider/${commanded.id}`,
      meta: yield* metaOf(call, `user:${call.caller.userId}`),
    });
    switch (outcome) {
      case "opened":
      case "revised":
      case "closed":
        return yield* reachDecided([MODEL], position);
      case "unknown_provider":
        return yield* refuse(404, "not_found");
      case "already_open":
        return yield* refuse(409, "already_exists");
      case "other_issuer":
      case "from_environment":
        return yield* refuse(409, outcome);
      case "invalid_id":
        return yield* refuse(400, "invalid_field", { field: "id" });
      case "invalid_issuer":
        return yield* refuse(400, "invalid_field", { field: "issuer" });
      case "invalid_scope":
        return yield* refuse(400, "invalid_field", { field: "scopes" });
      case "secret_misfit":
        return yield* refuse(400, "invalid_field", { field: "clientSecret" });
      default:
        return outcome satisfies never;
    }
  });

/** As the read model has it; 404 where there is none. */
export const showProvider = (id: string, settings: Settings) =>
  Effect.gen(function* () {
    const found = yield* (yield* ReadModels).get(MODEL, id);
    if (found === undefined) return yield* refuse(404, "not_found");
    return viewProvider(found.row as ProviderRow, settings);
  });

/** A provider that people come in by now; 404 where there is none, or it is closed. */
export const openProviderRow = (id: string) =>
  Effect.gen(function* () {
    const row = (yield* (yield* ReadModels).get(MODEL, id))?.row as ProviderRow | undefined;
    return row?.status === "open" ? row : yield* refuse(404, "not_found");
  });

/** Providers that are open at most: a page of the list, which no door has room for. */
const OPEN_MAX = 200;

/** All providers that are open, oldest first. */
export const openProviders = Effect.gen(function* () {
  const query = { tags: ["status:open"], limit: OPEN_MAX };
  const { items } = yield* (yield* ReadModels).list(MODEL, query);
  return items.map(({ row }) => row as ProviderRow);
});
