import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import {
  type Append,
  type AppendError,
  type Appended,
  Ledgers,
} from "../../adapters/ports/ledger.ts";
import type { LedgerName } from "../../domain/ledger/entry.ts";
import type { Backing } from "../api/world.ts";

type Appending = Effect.Effect<Appended, AppendError>;

/**
 * Stands between an API and one of its ledgers. Armed, it does something to the first append that
 * it is armed for, and to no other.
 */
export function interposed(ledger: LedgerName = "identity") {
  let armed: { readonly isIt: (request: Append) => boolean; readonly how: How } | undefined;
  type How = (append: Appending) => Appending;
  return {
    around: (services: Backing["services"]): Backing["services"] => {
      const ledgers = Context.get(services, Ledgers);
      const one = ledgers[ledger];
      const append = (request: Append) =>
        Effect.suspend(() => {
          if (armed?.isIt(request) !== true) return one.append(request);
          const { how } = armed;
          armed = undefined;
          return how(one.append(request));
        });
      return Context.add(services, Ledgers, { ...ledgers, [ledger]: { ...one, append } });
    },
    /** Of a stream whose name begins like this. */
    arm: (begins: string, how: How) => {
      armed = { isIt: ({ stream }) => stream.startsWith(begins), how };
    },
  };
}

/** Something else happens first. */
export const after = (meanwhile: () => Promise<unknown>) => (append: Appending) =>
  Effect.andThen(Effect.promise(meanwhile), append);

/** The request dies where it stands: before it appends, or once it has. */
export const dyingBefore = (_append: Appending): Appending => Effect.die(new Error("died"));
export const dyingAfter = (append: Appending): Appending =>
  Effect.andThen(append, Effect.die(new Error("died")));
