import * as Effect from "effect/Effect";
import { afterEach, expect, test } from "vitest";
import { Outbox } from "../../../adapters/ports/outbox.ts";
import { layer as smtp } from "../../../adapters/smtp/mail-transport.ts";
import { health } from "../../../api/operations/health.ts";
import { type MailWorld, mailStoreInMemory, mailWorld } from "../../support/mail-world.ts";
import { smtpServer } from "../../support/smtp.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const closing: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A sender whose mail server was here a moment ago and is down. */
const senderAlone = async () => {
  const { port, close } = await smtpServer();
  await close();
  const server = { host: "127.0.0.1", port, secure: false, requireTls: false };
  const transport = smtp(server, { name: "", address: "id@example.org" });
  const world = await mailWorld(mailStoreInMemory, { transport });
  closing.push(world.close);
  return { world, port };
};

const mailProblems = async (world: MailWorld, mail: "smtp" | "closed" = "smtp") => {
  const { problems } = await world.run(health({ mail }, world.now()));
  return problems.filter(({ where }) => where === "mail").map(({ problem }) => problem);
};

test("a mail server that is down is a problem, until it takes mails again", async () => {
  const { world, port } = await senderAlone();
  const userId = await world.signUp();
  await world.sendDue();
  expect(await mailProblems(world), "once may be an accident").toEqual([]);
  world.forward(MINUTE_MS);
  await world.sendDue();
  const row = await world.rowOf(userId);
  expect(row).toMatchObject({ attempts: 2, code: "connection_refused" });
  expect(await mailProblems(world)).toEqual(["mails that are not taken by the mail server: 1"]);
  const back = await smtpServer({ port });
  closing.push(back.close);
  world.forward(10 * MINUTE_MS);
  await world.sendDue();
  expect(back.received).toHaveLength(1);
  expect(await mailProblems(world)).toEqual([]);
});

test("mails that nobody tries are a problem", async () => {
  const { world } = await senderAlone();
  await world.signUp();
  world.forward(4 * MINUTE_MS);
  expect(await mailProblems(world)).toEqual([]);
  world.forward(2 * MINUTE_MS);
  expect(await mailProblems(world)).toEqual([
    expect.stringMatching(/^mails wait untried since 20/),
  ]);
});

test("where mail was turned off, what still waits is no problem and is over in time", async () => {
  const { world } = await senderAlone();
  const userId = await world.signUp();
  world.forward(6 * MINUTE_MS);
  expect(await mailProblems(world, "closed")).toEqual([]);
  world.forward(2 * HOUR_MS);
  await world.run(Effect.flatMap(Effect.service(Outbox), ({ sweep }) => sweep));
  expect(await world.rowOf(userId)).toMatchObject({ state: "failed", code: "expired" });
});
