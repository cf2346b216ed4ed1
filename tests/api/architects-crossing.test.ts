import { expect, test } from "vitest";
import { after, interposed } from "../support/interposed.ts";
import { memoryServices } from "./memory-services.ts";
import { world } from "./world.ts";

/** A world between whose API and ledger something may happen. */
async function crossed() {
  const { around, arm } = interposed();
  const w = await world(async () => {
    const { services, close } = await memoryServices();
    return { services: around(services), close };
  });
  return { w, arm };
}

test.each([
  ["POST", "/block"],
  ["DELETE", ""],
])("who is appointed while %s …%s runs does not stay an architect", async (method, path) => {
  const { w, arm } = await crossed();
  const { id, cookie } = await w.architect();
  const person = await w.person("crossing");
  const meanwhile = async () => {
    const done = await w.ask(method, `/v1/users/${person.id}${path}`, { cookie });
    expect(done.status).toBeLessThan(300);
  };
  arm("architects-all", after(meanwhile));
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
  const { w, arm } = await crossed();
  const { id, cookie } = await w.architect();
  const person = await w.person("crossing");
  const meanwhile = async () => {
    const done = await w.ask("POST", "/v1/architects", { cookie, body: { userId: person.id } });
    expect(done.status).toBe(201);
  };
  arm(`user-${person.id}`, after(meanwhile));
  const heard = await w.ask(method, `/v1/users/${person.id}${path}`, { cookie });
  expect(heard.status).toBeLessThan(300);
  const now = await w.ask("GET", "/v1/architects", { cookie });
  expect(now.json.items).toMatchObject([{ userId: id }]);
  expect((await w.ask("GET", "/v1/session", { cookie: person.cookie })).status).toBe(401);
  await w.close();
});
