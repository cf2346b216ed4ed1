import * as Effect from "effect/Effect";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, test } from "vitest";
import { along } from "./ledger-along.ts";
import { appending } from "./ledger-appending.ts";
import { reading } from "./ledger-reading.ts";
import type { It, LedgerPorts, On } from "./ledger-requests.ts";

export type { LedgerPorts };

export type Skip = { readonly test: string; readonly reason: string };

/**
 * Every ledger adapter runs this suite on a ledger of its own; it may skip a test only by name and
 * with a reason, which is printed.
 */
export function ledgerContract<E>(
  name: string,
  makeLayer: () => Layer.Layer<LedgerPorts, E>,
  skips: ReadonlyArray<Skip> = [],
): void {
  describe(`Ledger contract: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<LedgerPorts, E>;
    beforeAll(async () => {
      runtime = ManagedRuntime.make(makeLayer());
      await runtime.runPromise(Effect.void);
    });
    afterAll(() => runtime.dispose());

    const on: On = (effect) => runtime.runPromise(effect);
    const it: It = (title, body) => {
      const skip = skips.find((each) => each.test === title);
      test.skipIf(skip !== undefined)(skip ? `${title} (${skip.reason})` : title, () => body(on));
    };
    appending(it);
    along(it);
    reading(it);
  });
}
