import * as Effect from "effect/Effect";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import { endSessions } from "../../domain/processes/end-sessions.ts";
import { recorded } from "../codec/codec.ts";
import { userCodec } from "../codec/user.ts";
import { Consumers } from "../ports/consumers.ts";
import { LedgerCorrupt } from "../ports/ledger.ts";
import { endSessionsOf } from "./end-sessions-of.ts";

const DEADLINE_MS = 5_000;

/**
 * Runs the process `end-sessions`: for when the request that caused it died before it did so
 * itself.
 */
export const runEndSessions = Effect.gen(function* () {
  const consumers = yield* Consumers;
  const { name, ledger, handles, react } = endSessions;
  const handle = Effect.fnUntraced(function* (record: LedgerRecord) {
    const event = userCodec.decode(record);
    if (event === undefined) {
      const { position, type } = record;
      return yield* new LedgerCorrupt({ ledger, position, problem: `cannot decode ${type}` });
    }
    const happened = recorded(event, record, userCodec.category);
    if (!isHandled(happened)) return;
    for (const [index, command] of react(happened).entries()) {
      yield* endSessionsOf({
        command,
        requestId: `${record.id}/${name}/${index}`,
        meta: {
          actor: `process:${name}`,
          correlation: record.meta.correlation,
          causation: record.id,
        },
        // A password change or a promotion begins a session of its own right afterwards.
        before: record.at,
        deadlineMs: DEADLINE_MS,
      });
    }
  });
  return yield* consumers.run({ name, ledger, handles, handle });
});

type Handled = Parameters<typeof endSessions.react>[0];

function isHandled(event: { readonly type: string }): event is Handled {
  return (endSessions.handles as ReadonlyArray<string>).includes(event.type);
}
