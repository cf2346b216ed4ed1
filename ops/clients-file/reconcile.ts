import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { clientCodec } from "../../adapters/codec/client.ts";
import { resourceServerCodec } from "../../adapters/codec/resource-server.ts";
import { RegisteredClients } from "../../adapters/ports/registered-clients.ts";
import { ResourceServers } from "../../adapters/ports/resource-servers.ts";
import { transact } from "../../adapters/transact.ts";
import { vaultChanges } from "../../api/clients/command-client.ts";
import { foundKeys } from "../../api/keys/signing-keys.ts";
import { AUDIENCE_QUARANTINE_MS } from "../../api/resource-servers/command-resource-server.ts";
import { claimOf } from "../../api/sign-up/claims.ts";
import { client } from "../../domain/client/mod.ts";
import type { Meta } from "../../domain/ledger/entry.ts";
import { resourceServer, spelled } from "../../domain/resource-server/mod.ts";
import type { Config } from "../config.ts";
import type { Log } from "../log.ts";
import type { UsageError } from "../usage-error.ts";
import { type ApiPlan, type ClientPlan, planApi, planClient } from "./plan.ts";
import { clientsFile, fileMistakes } from "./read.ts";

/**
 * Makes applications and APIs what the operator's file says, by the commands of everybody else.
 * What is as it should be already appends nothing, so the same file twice, or two servers that
 * start at once, do it once. What is not in the file is left alone.
 *
 * Errors: a UsageError with one line for each mistake, found before anything is appended.
 */
export const reconcileClients = Effect.fnUntraced(function* (config: Config, log: Log) {
  const { clientsFile: file } = config;
  if (file === undefined) return;
  const wanted = yield* Effect.try({
    try: () => clientsFile(config),
    catch: (cause) => cause as UsageError,
  });
  const apis = (yield* Effect.forEach(wanted.apis, planApi)).filter((plan) => plan !== undefined);
  const clients = yield* Effect.forEach(wanted.clients, planClient);
  const mistakes = clients.flatMap((plan) => plan.mistakes);
  if (mistakes.length > 0) return yield* fileMistakes(file.path, mistakes);
  for (const warning of clients.flatMap((plan) => plan.warnings)) {
    log.warn("The file of clients is not followed", { place: warning });
  }
  let position = 0;
  for (const plan of apis) position = Math.max(position, yield* applyApi(file.path, plan));
  for (const plan of clients) position = Math.max(position, yield* applyClient(file.path, plan));
  if (wanted.clients.some(({ removed }) => !removed)) yield* foundKeys;
  if (position === 0) return;
  log.info("Reconciled the file of clients", { position });
  yield* (yield* RegisteredClients).reach(position);
  yield* (yield* ResourceServers).reach(position);
});

const meta = (correlation: string): Meta => ({ actor: "operator:clients-file", correlation });

/** Between the plan and its commands somebody else decided otherwise: another file, or the API. */
const movedMeanwhile = (path: string, what: string) =>
  fileMistakes(path, [`${what} was changed by somebody else at the same time: start again`]);

const applyClient = Effect.fnUntraced(function* (path: string, { clientId, commands }: ClientPlan) {
  let last = 0;
  for (const { command, secret } of commands) {
    const requestId = crypto.randomUUID();
    const { outcome, position = 0 } = yield* transact({
      decider: client,
      codec: clientCodec,
      id: clientId,
      requestId,
      command,
      meta: meta(requestId),
      along: (events, state) => ({ vault: vaultChanges(events, state, secret) }),
    });
    if (outcome.type !== "done") return yield* movedMeanwhile(path, clientId);
    last = Math.max(last, position);
  }
  return last;
});

const applyApi = Effect.fnUntraced(function* (path: string, plan: ApiPlan) {
  const { at, audience, id, command } = plan;
  const requestId = crypto.randomUUID();
  const claim = { ...(yield* claimOf("audience", spelled(audience))), owner: id };
  const endMs = (yield* Clock.currentTimeMillis) + AUDIENCE_QUARANTINE_MS;
  const quarantinedUntil = new Date(endMs).toISOString();
  const { outcome, position = 0 } = yield* transact({
    decider: resourceServer,
    codec: resourceServerCodec,
    id,
    requestId,
    command,
    meta: meta(requestId),
    along: () => ({
      claims: {
        take: command.type === "RegisterResourceServer" ? [claim] : [],
        release:
          command.type === "RemoveResourceServer"
            ? [{ kind: claim.kind, owner: id, quarantinedUntil }]
            : [],
      },
    }),
  }).pipe(
    Effect.catchTag("ClaimTaken", () =>
      Effect.fail(
        fileMistakes(path, [`${at}.audience: it was removed, and tokens may name it for an hour`]),
      ),
    ),
  );
  if (outcome !== "registered" && outcome !== "revised" && outcome !== "removed") {
    return yield* movedMeanwhile(path, audience);
  }
  return position;
});
