import * as Effect from "effect/Effect";
import type { Entry } from "../../domain/ledger/entry.ts";
import { LEDGER_STREAM_ID, ledger } from "../../domain/ledger/mod.ts";
import { ledgerCodec } from "../codec/ledger.ts";
import { Database } from "./database.ts";
import { schemaVersion } from "./migrate.ts";

/**
 * What the installation says of itself, read before any key is opened and changing nothing, so that
 * a server with the wrong configuration stops with nothing touched. Undefined before it is founded.
 */
export const foundingOf = Effect.gen(function* () {
  if ((yield* schemaVersion) === 0) return undefined;
  const rows = yield* (yield* Database).query<{ entry: Uint8Array }>(
    `SELECT entry FROM authledger.identity_events
     WHERE ledger = 'identity' AND stream = 'ledger-${LEDGER_STREAM_ID}' ORDER BY revision`,
  );
  return rows.reduce((state, { entry }) => {
    const event = ledgerCodec.decode(JSON.parse(Buffer.from(entry).toString("utf8")) as Entry);
    return event === undefined ? state : ledger.evolve(state, event);
  }, ledger.initial);
});
