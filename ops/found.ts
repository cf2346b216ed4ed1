import * as Effect from "effect/Effect";
import { ledgerCodec } from "../adapters/codec/ledger.ts";
import { Keyring } from "../adapters/ports/keyring.ts";
import { load, transact } from "../adapters/transact.ts";
import { LEDGER_STREAM_ID, type LedgerCommand, ledger } from "../domain/ledger/mod.ts";
import type { Config } from "./config.ts";

/**
 * Founds the ledger at its first start; afterwards notes a new issuer, where the operator asked for
 * one, and a new secret. Each is a command that does nothing when there is nothing to do, so
 * several processes may start at once.
 */
export const found = Effect.fnUntraced(function* (
  config: Pick<Config, "url">,
  options: { readonly adoptUrl: boolean },
) {
  const { secretId } = yield* Keyring;
  const { state } = yield* load({ decider: ledger, codec: ledgerCodec }, LEDGER_STREAM_ID);
  if (state === undefined) {
    const origin = `${new URL(config.url).host}/tlog`;
    const ledgerId = crypto.randomUUID();
    yield* record({ type: "FoundLedger", ledgerId, issuer: config.url, origin, secretId });
    return;
  }
  if (options.adoptUrl) yield* record({ type: "AdoptIssuer", issuer: config.url });
  yield* record({ type: "RotateSecret", secretId });
});

const record = (command: LedgerCommand) => {
  const requestId = crypto.randomUUID();
  return transact({
    decider: ledger,
    codec: ledgerCodec,
    id: LEDGER_STREAM_ID,
    requestId,
    command,
    meta: { actor: "operator:serve", correlation: requestId },
  });
};
