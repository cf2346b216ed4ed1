import * as Effect from "effect/Effect";
import * as Logger from "effect/Logger";
import * as References from "effect/References";
import { expect, test } from "vitest";
import { KnownDevices } from "../../../adapters/ports/known-devices.ts";
import { Outbox } from "../../../adapters/ports/outbox.ts";
import { StoreUnavailable } from "../../../adapters/ports/store-unavailable.ts";
import { runMail } from "../../../api/mail/run-mail.ts";
import { mailStoreInMemory, mailWorld } from "../../support/mail-world.ts";
import { mailRun } from "../../support/mailbox.ts";
import { until } from "../../support/until.ts";

test("a sweep that fails is said by name, and keeps none of the others", async () => {
  const world = await mailWorld(mailStoreInMemory, { queue: false });
  const said: Array<unknown> = [];
  let others = 0;
  const logger = Logger.make<unknown, void>(({ fiber }) => {
    said.push({ ...fiber.getRef(References.CurrentLogAnnotations) });
  });
  const program = Effect.gen(function* () {
    const outbox = yield* Outbox;
    const devices = yield* KnownDevices;
    const sweep = Effect.fail(new StoreUnavailable({ cause: "ada@example.net" }));
    const counted = Effect.sync(() => {
      others++;
      return 0;
    });
    yield* runMail({ ...mailRun, open: false }).pipe(
      Effect.provideService(Outbox, { ...outbox, sweep }),
      Effect.provideService(KnownDevices, { ...devices, sweep: counted }),
    );
    yield* Effect.promise(() => until(async () => others > 0));
  });
  await world.run(Effect.provide(Effect.scoped(program), Logger.layer([logger])));
  expect(said).toEqual([{ name: "sweep-outbox", error: "StoreUnavailable" }]);
  await world.close();
});
