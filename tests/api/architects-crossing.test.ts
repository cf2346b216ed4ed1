import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { type Append, Ledgers } from "../../adapters/ports/ledger.ts";
import { memoryServices } from "./memory-services.ts";
import { world } from "./world.ts";

/** A world in which something happens right before the first append that `isIt` recognises. */
async function crossed(isIt: (request: Append) => boolean, meanwhile: () => Promise<unknown>) {
  let armed = false;
  const w = await world(async () => {
    const { services, close } = await memoryServices();
    const ledgers = Context.get(services, Ledgers);
    const { identity } = ledgers;
    const append: typeof identity.append = (request) =>
      Effect.suspend(() => {
        if (!armed || !isIt(request)) return identity.append(request);
        armed = false;
        return Effect.andThen(Effect.promise(meanwhile), identity.append(request));
      });
    const both = { ...ledgers, identity: { ...identity, append } };
    return { services: Context.add(services, Ledgers, both), close };
  });
  return {
    w,
    arm: () => {
      armed = true;
    },
  };
}

test.each([
  ["POST", "/block"],
  ["DELETE", ""],
])("who is appointed while %s …%s runs does not stay an architect", async (method, path) => {
  let meanwhile: () => Promise<unknown> = async () => {};
  const isAppointment = ({ stream }: Append) => stream === "architects-all";
  const { w, arm } = await crossed(isAppointment, () => meanwhile());
  const { id, cookie } = await w.architect();
  const person = await w.person("crossing");
  meanwhile = async () => {
    const done = await w.ask(method, `/v1/users/${person.id}${path}`, { cookie });
    expect(done.status).toBeLessThan(300);
  };
  arm();
  const heard = await w.ask("POST", "/v1/architects", { cookie, body: { userId: person.id } });
  expect([heard.status, heard.json.code]).toEqual([409, "conflict"]);
  const now = await w.ask("GET", "/v1/architects", { cookie });
  expect(now.json.items).toMatchObject([{ userId: id }]);
  await w.close();
});

test.each([
  ["POST", "/block"],
  ["DELETE", ""],
])("who is appointed right before %s …%s appends is dismissed by it", async (method, path) => {
  let meanwhile: () => Promise<unknown> = async () => {};
  let target = "";
  const isTheirs = ({ stream }: Append) => stream === `user-${target}`;
  const { w, arm } = await crossed(isTheirs, () => meanwhile());
  const { id, cookie } = await w.architect();
  const person = await w.person("crossing");
  target = person.id;
  meanwhile = async () => {
    const done = await w.ask("POST", "/v1/architects", { cookie, body: { userId: person.id } });
    expect(done.status).toBe(201);
  };
  arm();
  const heard = await w.ask(method, `/v1/users/${person.id}${path}`, { cookie });
  expect(heard.status).toBeLessThan(300);
  const now = await w.ask("GET", "/v1/architects", { cookie });
  expect(now.json.items).toMatchObject([{ userId: id }]);
  expect((await w.ask("GET", "/v1/session", { cookie: person.cookie })).status).toBe(401);
  await w.close();
});
