import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createAuthledger } from "../../../ops/create-authledger.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const MEMORY = { AUTHLEDGER_STORE: "memory", LOG_LEVEL: "error" };
const person = { email: "ada@example.com", password: "a long password of a library test" };

const signUp = (fetch: (request: Request) => Promise<Response>) =>
  fetch(
    new Request("http://localhost:4000/v1/sign-up", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(person),
    }),
  );

test("fetch answers, and two servers in one process know nothing of each other", async () => {
  const one = await createAuthledger({ environment: MEMORY });
  const two = await createAuthledger({ environment: MEMORY });
  expect((await signUp(one.fetch)).status).toBe(201);
  expect((await signUp(one.fetch)).status).toBe(409);
  expect((await signUp(two.fetch)).status).toBe(201);
  await one.close();
  expect((await two.fetch(new Request("http://localhost:4000/readyz"))).status).toBe(200);
  await two.close();
});

test("fetch is told where a caller is, and takes all for one network when it is not", async () => {
  const { fetch: ask, close } = await createAuthledger({ environment: MEMORY });
  onTestFinished(close);
  const guest = async (from?: { readonly remoteAddress: string }) =>
    (await ask(new Request("http://localhost:4000/v1/guest", { method: "POST" }), from)).status;
  const six = async (from?: { readonly remoteAddress: string }) => {
    const statuses: Array<number> = [];
    for (let n = 0; n < 6; n++) statuses.push(await guest(from));
    return statuses;
  };
  const five = [201, 201, 201, 201, 201, 429];
  expect(await six({ remoteAddress: "192.0.2.1" })).toEqual(five);
  expect(await six({ remoteAddress: "192.0.2.2" })).toEqual(five);
  expect(await six()).toEqual(five);
});

test("listener serves in a server that somebody else owns", async () => {
  const authledger = await createAuthledger({ environment: MEMORY });
  onTestFinished(authledger.close);
  const server = createServer(authledger.listener).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/healthz`);
  expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
});

test("close ends a stream that follows the ledger", async () => {
  const authledger = await createAuthledger({
    environment: { ...MEMORY, AUTHLEDGER_SETUP_TOKEN: "a-token-of-a-library-test" },
  });
  const setUp = await authledger.fetch(
    new Request("http://localhost:4000/v1/setup", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...person, token: "a-token-of-a-library-test" }),
    }),
  );
  const cookie = setUp.headers.get("set-cookie")?.split(";")[0] ?? "";
  const followed = await authledger.fetch(
    new Request("http://localhost:4000/v1/ledger/follow?from=1", { headers: { cookie } }),
  );
  expect(followed.status).toBe(200);
  const chunks = (followed.body ?? new ReadableStream<Uint8Array>()).getReader();
  let text = "";
  const more = async () => {
    const { done, value } = await chunks.read();
    text += new TextDecoder().decode(value);
    return !done;
  };
  while (!text.includes("LedgerFounded")) expect(await more()).toBe(true);
  await authledger.close();
  while (await more()) {}
});

test("on the embedded store it holds the folder until it is closed", async () => {
  const options = { environment: { LOG_LEVEL: "error" }, folder: temporaryFolder() };
  const first = await createAuthledger(options);
  expect((await signUp(first.fetch)).status).toBe(201);
  await expect(createAuthledger(options)).rejects.toThrow(
    `Cannot use folder ${options.folder}/data: another Authledger holds it`,
  );
  await first.close();
  const second = await createAuthledger(options);
  expect((await signUp(second.fetch)).status).toBe(409);
  await second.close();
});

test.each([
  [{ PORT: "x" }, 'Cannot use PORT "x": expected a whole number from 0 to 65535'],
  [
    { AUTHLEDGER_STORE: "postgres" },
    "Cannot use AUTHLEDGER_STORE postgres: expected DATABASE_URL to be set",
  ],
  [
    { DATABASE_URL: "postgres://a:b@127.0.0.1:1/c" },
    "Cannot reach the database: check that it runs, and that DATABASE_URL names it",
  ],
])("%j is an error of one line", async (environment, message) => {
  const failed = createAuthledger({ environment, folder: temporaryFolder() });
  await expect(failed).rejects.toMatchObject({ message });
});
