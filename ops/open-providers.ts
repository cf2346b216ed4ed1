import * as Effect from "effect/Effect";
import * as Redacted from "effect/Redacted";
import * as Schedule from "effect/Schedule";
import { Ledgers } from "../adapters/ports/ledger.ts";
import { ReadModels } from "../adapters/ports/read-models.ts";
import { providerNow, transactProvider } from "../api/providers/command-provider.ts";
import { discloseSecret, encloseSecret } from "../api/providers/provider-secret.ts";
import type { Provider, ProviderCommand, ProviderOutcome } from "../domain/provider/mod.ts";
import type { ProviderRow } from "../projections/providers.ts";
import type { ProviderConfig } from "./config/providers.ts";
import { type UsageError, usageError } from "./usage-error.ts";

const BY = "environment";
/** A page of the list, of which no door shows more. */
const OPEN_MAX = 200;
const REACH_MS = 5_000;

/**
 * Opens, or revises, the providers of the environment. Each is a command that does nothing when
 * there is nothing to do, so several processes may start at once.
 *
 * Errors: a UsageError where an id was another issuer's before.
 */
export const openProviders = Effect.fnUntraced(function* (
  providers: ReadonlyArray<ProviderConfig>,
) {
  for (const configured of providers) yield* openOne(configured);
});

const openOne = Effect.fnUntraced(function* (configured: ProviderConfig) {
  const { id, name, issuer, clientId, clientSecret, scopes } = configured;
  const state = yield* providerNow(id);
  const secret = yield* secretOf(id, state, clientSecret);
  const authMethod = clientSecret === undefined ? "none" : "client_secret_basic";
  const metadata = { name, clientId, scopes, authMethod } as const;
  const reference = secret && { secret: secret.reference };
  if (state.status !== "absent" && state.issuer !== issuer)
    return yield* refused(id, "other_issuer");
  const command: ProviderCommand =
    state.status === "open"
      ? { type: "ReviseProvider", by: BY, changes: metadata, ...reference }
      : { type: "OpenProvider", id, by: BY, issuer, ...metadata, ...reference };
  const { outcome } = yield* record(id, command, secret?.row);
  if (outcome !== "opened" && outcome !== "revised") return yield* refused(id, outcome);
});

/** What the vault has, while it is the same; else a new row. */
const secretOf = Effect.fnUntraced(function* (
  id: string,
  state: Provider,
  wanted: Redacted.Redacted<string> | undefined,
) {
  if (wanted === undefined) return undefined;
  const held = state.status === "open" ? state.secret : undefined;
  const before = held && (yield* discloseSecret(held));
  if (held !== undefined && before && Redacted.value(before) === Redacted.value(wanted)) {
    return { reference: held, row: undefined };
  }
  return yield* encloseSecret(id, Redacted.value(wanted));
});

/**
 * Closes what an earlier environment opened and this one does not name any more. It waits for the
 * read model, which an upgrade may have to make first.
 */
export const closeGone = (providers: ReadonlyArray<ProviderConfig>) =>
  Effect.gen(function* () {
    const { position } = yield* (yield* Ledgers).identity.head;
    const models = yield* ReadModels;
    yield* models.reach("providers", position, REACH_MS);
    const page = yield* models.list("providers", { tags: ["status:open"], limit: OPEN_MAX });
    const named = new Set(providers.map(({ id }) => id));
    const rows = page.items.map(({ row }) => row as ProviderRow);
    for (const { id, origin } of rows) {
      if (origin !== BY || named.has(id)) continue;
      yield* record(id, { type: "CloseProvider", by: BY }, undefined);
    }
  }).pipe(Effect.retry(Schedule.spaced("1 second")));

const record = (
  id: string,
  command: ProviderCommand,
  secret: Parameters<typeof transactProvider>[0]["secret"],
) => {
  const requestId = crypto.randomUUID();
  const meta = { actor: "operator:environment", correlation: requestId } as const;
  return transactProvider({ id, command, secret, requestId, meta });
};

const refused = (id: string, outcome: ProviderOutcome): Effect.Effect<never, UsageError> =>
  usageError(
    outcome === "other_issuer"
      ? `Cannot open the provider "${id}": it was another issuer's; expected another id`
      : `Cannot open the provider "${id}": ${outcome.replaceAll("_", " ")}`,
  );
