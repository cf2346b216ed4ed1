import * as Effect from "effect/Effect";
import { afterEach, expect, test } from "vitest";
import { Outbox } from "../../../adapters/ports/outbox.ts";
import { CLAIM_LEASE_MS } from "../../../api/mail/run-mail.ts";
import { type MailWorld, mailStoreInMemory, mailWorld } from "../../support/mail-world.ts";
import { until } from "../../support/until.ts";

const open: Array<MailWorld> = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});
/** A process that sends by itself, over two connections. */
const running = async () => {
  const world = await mailWorld(mailStoreInMemory, { running: true });
  open.push(world);
  return world;
};

test("a slow mail holds up no other, also none that comes later", async () => {
  const world = await running();
  world.meet(({ to }) => (to.startsWith("slow") ? Effect.never : Effect.void));
  const slow = await world.signUp("slow@example.net");
  await until(async () => world.sent.length === 1);
  const bob = await world.signUp("bob@example.net");
  await until(async () => (await world.rowOf(bob)).state === "sent");
  expect(await world.rowOf(slow)).toMatchObject({ state: "waiting", attempts: 1 });
});

test("no more mails are claimed than the mail server takes at once", async () => {
  const world = await running();
  world.meet(() => Effect.never);
  const people = [await world.signUp("a@example.net"), await world.signUp("b@example.net")];
  await until(async () => world.sent.length === 2);
  const third = await world.signUp("c@example.net");
  for (const id of people) expect(await world.rowOf(id)).toMatchObject({ attempts: 1 });
  // Whatever is due when another process looks was not taken by this one.
  const claimed = await world.run(
    Effect.flatMap(Effect.service(Outbox), ({ claim }) =>
      claim({ limit: 9, leaseMs: CLAIM_LEASE_MS }),
    ),
  );
  expect(claimed).toMatchObject([{ recipient: third, attempts: 1 }]);
});
