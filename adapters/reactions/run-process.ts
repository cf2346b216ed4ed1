import * as Effect from "effect/Effect";
import type { LedgerRecord, Meta } from "../../domain/ledger/entry.ts";
import type { Happened, Process } from "../../domain/processes/process.ts";
import { decodeAny } from "../codec/catalogue.ts";
import { Consumers } from "../ports/consumers.ts";
import { LedgerCorrupt } from "../ports/ledger.ts";

/** What a command of a process was caused by, and what stands for it when it comes again. */
export type Caused = {
  readonly record: LedgerRecord;
  readonly requestId: string;
  readonly meta: Meta;
};

/** Runs a process for ever: each event that it follows, and what it asks for, one by one. */
export const runProcess = <
  Event extends { readonly type: string },
  Command,
  E extends { readonly _tag: string },
  R,
>(
  { name, ledger, handles, react }: Process<Event, Command>,
  act: (command: Command, caused: Caused) => Effect.Effect<unknown, E, R>,
) =>
  Effect.gen(function* () {
    const consumers = yield* Consumers;
    const handle = Effect.fnUntraced(function* (record: LedgerRecord) {
      const event = decodeAny(record);
      if (event === undefined) {
        const { position, type } = record;
        return yield* new LedgerCorrupt({ ledger, position, problem: `cannot decode ${type}` });
      }
      // The cursor passes over what the process does not handle, so it is one of its own.
      const commands = react(event as unknown as Happened<Event>);
      for (const [index, command] of commands.entries()) {
        yield* act(command, {
          record,
          requestId: `${record.id}/${name}/${index}`,
          meta: causedBy(record, name),
        });
      }
    });
    return yield* consumers.run({ name, ledger, handles, handle });
  });

/** Who and why, of what a process does because of a record. */
export const causedBy = ({ id, meta }: LedgerRecord, name: string): Meta => ({
  actor: `process:${name}`,
  correlation: meta.correlation,
  causation: id,
});
