import { beforeAll, expect, test } from "vitest";
import type { Stage } from "../suite.ts";

export function storeTests({ here }: Stage): void {
  let cookie: string;
  let store: string;
  /** Of the last write: what is read afterwards knows it. */
  let written = 0;
  beforeAll(async () => {
    cookie = (await here().architect()).cookie;
    const heard = await here().ask("POST", "/v1/stores", { cookie, body: { name: "Documents" } });
    expect(heard.status).toBe(201);
    store = heard.json.id;
    written = heard.position;
  });
  const tuple = (subject: string, object = "document:budget", relation = "viewer") => ({
    object,
    relation,
    subject,
  });
  const write = async (body: unknown, id = store) => {
    const heard = await here().ask("POST", `/v1/stores/${id}/write`, { cookie, body });
    if (heard.status === 200) written = heard.position;
    return heard;
  };
  const read = async (body: unknown) => {
    const path = `/v1/stores/${store}/read?at_least=${written}`;
    return (await here().ask("POST", path, { cookie, body })).json.items;
  };

  test("stores are listed", async () => {
    const { items } = (await here().ask("GET", `/v1/stores?at_least=${written}`, { cookie })).json;
    expect(items).toMatchObject([{ id: store, name: "Documents" }]);
  });

  test("tuples are written, read by each part and taken back by cause", async () => {
    const [ada, eng] = [tuple("user:ada"), tuple("group:eng#member", "document:plan", "editor")];
    const heard = await write({ writes: [ada, eng], cause: "first" });
    expect(heard.json).toEqual({ position: heard.position });
    await write({ writes: [ada], cause: "second" });
    expect(await read({ subject: "user:ada" })).toEqual([{ ...ada, causes: ["first", "second"] }]);
    expect(await read({ object: "document:plan" })).toEqual([{ ...eng, causes: ["first"] }]);
    expect(await read({ relation: "editor" })).toHaveLength(1);
    await write({ deletes: [ada], cause: "first" });
    expect(await read({ object: ada.object, subject: ada.subject })).toEqual([
      { ...ada, causes: ["second"] },
    ]);
    await write({ deletes: [ada], cause: "second" });
    expect(await read({ subject: "user:ada" })).toEqual([]);
  });

  test("a read by POST waits for at_least, and is asked afresh under a key", async () => {
    const path = `/v1/stores/${store}/read`;
    const body = { subject: "user:fresh" };
    const ask = (query: string, headers = {}) =>
      here().ask("POST", `${path}${query}`, { cookie, headers, body });
    const headers = { "idempotency-key": "read" };
    expect((await ask("", headers)).json.items).toEqual([]);
    const { position } = await write({ writes: [tuple("user:fresh")] });
    expect((await ask(`?at_least=${position}`, headers)).json.items).toHaveLength(1);
    const late = await ask("", { "ledger-at-least": "10000000" });
    expect([late.status, late.json.code]).toEqual([400, "past_head"]);
  });

  test("ifPosition writes only if nothing was written since", async () => {
    const first = await write({ writes: [tuple("user:cas")] });
    const ok = await write({ writes: [tuple("user:cas2")], ifPosition: first.position });
    expect(ok.status).toBe(200);
    const moved = await write({ writes: [tuple("user:cas3")], ifPosition: first.position });
    expect([moved.status, moved.json.code]).toEqual([409, "position_moved"]);
    const racing = await Promise.all(
      ["a", "b"].map((name) =>
        write({ writes: [tuple(`user:race-${name}`)], ifPosition: ok.position }),
      ),
    );
    expect(racing.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const late = await write({ writes: [tuple("user:x")], ifPosition: 10_000_000 });
    expect([late.status, late.json.code]).toEqual([400, "past_head"]);
  });

  test.each([
    [{}, "nothing", undefined],
    [{ writes: [tuple("user:ada@example.org")] }, "invalid_field", "writes.0.subject"],
    [{ writes: [tuple("user:a", "doc:ada＠example.org")] }, "invalid_field", "writes.0.object"],
    [{ writes: [tuple("no-type")] }, "invalid_field", "writes.0.subject"],
    [{ writes: [tuple("user:\u0000")] }, "invalid_field", "writes.0.subject"],
    [{ writes: [{ ...tuple("user:a"), by: "eve" }] }, "unknown_field", "writes.0.by"],
    [{ writes: [tuple("user:a")], deletes: [tuple("user:a")] }, "contradictory", undefined],
    [
      { writes: Array.from({ length: 101 }, (_, n) => tuple(`user:${n}`)) },
      "invalid_field",
      "writes",
    ],
    [
      {
        writes: Array.from({ length: 60 }, (_, n) => tuple(`user:w${n}`)),
        deletes: Array.from({ length: 60 }, (_, n) => tuple(`user:d${n}`)),
      },
      "too_many",
      undefined,
    ],
  ])("a write that means nothing is refused and appends nothing: %#", async (body, code, field) => {
    const before = await here().heads();
    const heard = await write(body);
    expect(heard.json).toMatchObject({
      status: 400,
      code,
      ...(field === undefined ? {} : { field }),
    });
    expect(await here().heads()).toEqual(before);
  });

  test("an unknown store is not found", async () => {
    const heard = await write({ writes: [tuple("user:a")] }, crypto.randomUUID());
    expect(heard.status).toBe(404);
  });
}
