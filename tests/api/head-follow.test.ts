import { expect, test } from "vitest";
import { createApi } from "../../api/http/create-api.ts";
import { memoryServices } from "./memory-services.ts";
import { ORIGIN, world } from "./world.ts";

test("HEAD of the live stream leaves nothing behind that waits for the server's stop", async () => {
  const backing = await memoryServices();
  const w = await world(async () => backing);
  const { cookie } = await w.architect();
  const stopping = new AbortController().signal;
  let waiting = 0;
  const add = stopping.addEventListener.bind(stopping);
  const remove = stopping.removeEventListener.bind(stopping);
  stopping.addEventListener = (...to: Parameters<typeof add>) => {
    waiting++;
    add(...to);
  };
  stopping.removeEventListener = (...to: Parameters<typeof remove>) => {
    waiting--;
    remove(...to);
  };
  const api = createApi(backing.services, w.settings);
  const ask = (method: string) =>
    api(new Request(`${ORIGIN}/v1/ledger/follow`, { method, headers: { cookie } }), { stopping });
  const open = (await ask("GET")).body?.getReader();
  await open?.read();
  expect(waiting).toBe(1);
  await open?.cancel();
  expect(waiting).toBe(0);
  for (let round = 0; round < 10; round++) {
    const { status, body, headers } = await ask("HEAD");
    expect([status, body, headers.get("content-type")]).toEqual([200, null, "text/event-stream"]);
  }
  // A later stream has begun, so one of before would have.
  const later = (await ask("GET")).body?.getReader();
  await later?.read();
  expect(waiting).toBe(1);
  await later?.cancel();
  await w.close();
});
