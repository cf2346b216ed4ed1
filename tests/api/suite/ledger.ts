import { beforeAll, expect, test } from "vitest";
import { catalogue } from "../../../adapters/codec/catalogue.ts";
import type { Stage } from "../suite.ts";

type Somebody = { readonly id: string; readonly cookie: string; readonly email: string };
type Shown = { readonly position: number; readonly type: string; readonly stream: string };

export function ledgerTests({ here }: Stage): void {
  let architect: Somebody;
  let auditor: Somebody;
  let bob: Somebody;
  beforeAll(async () => {
    architect = await here().architect();
    auditor = await here().withRole("auditor", architect);
    bob = await here().person("bob");
  });
  const events = async (query: string) =>
    (await here().ask("GET", `/v1/ledger/events?${query}`, { cookie: auditor.cookie })).json;

  test("every event of identity is listed in order, opened, in pages", async () => {
    const [head = 0] = await here().heads();
    const all = await events("limit=200");
    expect(all.items.map(({ position }: Shown) => position)).toEqual(
      Array.from({ length: head }, (_, index) => index + 1),
    );
    const pages: Array<Shown> = [];
    let cursor: string | undefined = "1";
    while (cursor !== undefined) {
      const page: { items: Array<Shown>; nextCursor?: string } = await events(
        `limit=3&cursor=${cursor}`,
      );
      pages.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(pages).toEqual(all.items);
    expect(JSON.stringify(all)).not.toMatch(/"ct"|192\.0\.2\.7|argon2/);
  });

  test("the newest events come first when they are asked for so, to the last page", async () => {
    for (const query of ["", `&stream=user-${bob.id}`, "&type=UserSignedUp", "&from=2&to=5"]) {
      const all = await events(`limit=200${query}`);
      const back: Array<Shown> = [];
      let cursor: string | undefined = "";
      while (cursor !== undefined) {
        const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
        const page: { items: Array<Shown>; nextCursor?: string } = await events(
          `limit=2&order=newest${query}${more}`,
        );
        back.push(...page.items);
        cursor = page.nextCursor;
      }
      expect(back.toReversed(), query).toEqual(all.items);
    }
  });

  test("events are found by range, stream, type and subject, and one by position", async () => {
    expect((await events("from=2&to=3")).items.map(({ position }: Shown) => position)).toEqual([
      2, 3,
    ]);
    const mine = await events(`subject=${bob.id}`);
    expect(mine.items.map(({ type }: Shown) => type)).toEqual(["UserSignedUp", "PasswordEnrolled"]);
    expect(mine.items[0].data.email).toBe(bob.email);
    expect(await events(`stream=user-${bob.id}`)).toEqual(mine);
    const signUps = await events("type=UserSignedUp");
    expect(new Set(signUps.items.map(({ type }: Shown) => type))).toEqual(
      new Set(["UserSignedUp"]),
    );
    for (const type of ["Nonsense", "toString"]) {
      const heard = await here().ask("GET", `/v1/ledger/events?type=${type}`, {
        cookie: auditor.cookie,
      });
      expect(heard.json).toMatchObject({ status: 400, code: "unknown_type", field: "type" });
    }
    const { position } = mine.items[0];
    const path = `/v1/ledger/events/${position}`;
    const one = await here().ask("GET", path, { cookie: auditor.cookie });
    expect(one.json).toEqual(mine.items[0]);
    for (const missing of ["0", "999999", "x", "-1"]) {
      const heard = await here().ask("GET", `/v1/ledger/events/${missing}`, {
        cookie: auditor.cookie,
      });
      expect(heard.status, missing).toBe(404);
    }
  });

  test("activity is the other ledger, and shows no session's secret", async () => {
    const { items } = await events("ledger=activity&limit=200");
    const started = items.find(({ type }: { type: string }) => type === "SessionStarted");
    expect(started).toMatchObject({ ledger: "activity", type: "SessionStarted" });
  });

  test("only an auditor or an architect reads the ledger", async () => {
    for (const path of ["events", "events/1", "follow", "catalogue"]) {
      const heard = await here().ask("GET", `/v1/ledger/${path}`, { cookie: bob.cookie });
      expect(heard.json, path).toMatchObject({ status: 403, requires: "auditor" });
      expect((await here().ask("GET", `/v1/ledger/${path}`)).status, path).toBe(401);
    }
  });

  test("the catalogue is every type that there is", async () => {
    const { cookie } = auditor;
    const { items } = (await here().ask("GET", "/v1/ledger/catalogue", { cookie })).json;
    expect(items).toEqual(JSON.parse(JSON.stringify(catalogue())));
  });

  test("a follower hears what is there and what comes, and goes on after its last id", async () => {
    const cookie = architect.cookie;
    const follower = await follow("/v1/ledger/follow?from=1", cookie);
    expect(await follower.ids(2)).toEqual([1, 2]);
    const [head = 0] = await here().heads();
    await follower.until(head);
    await here().person("later");
    expect(await follower.ids(2)).toEqual([head + 1, head + 2]);
    await follower.close();
    const resumed = await follow("/v1/ledger/follow", cookie, { "last-event-id": String(head) });
    expect(await resumed.ids(2)).toEqual([head + 1, head + 2]);
    await resumed.close();
    for (const headers of [{ "last-event-id": "x" }, { "last-event-id": "99999999" }]) {
      expect((await here().ask("GET", "/v1/ledger/follow", { cookie, headers })).status).toBe(400);
    }
  });

  test("a follower stops when its reader's rights end", async () => {
    const carol = await here().withRole("auditor", architect);
    const [head = 0] = await here().heads();
    const follower = await follow(`/v1/ledger/follow?from=${head}`, carol.cookie);
    expect(await follower.ids(1)).toEqual([head]);
    await here().ask("DELETE", `/v1/users/${carol.id}/roles/auditor`, {
      cookie: architect.cookie,
    });
    await here().person("unseen");
    expect(await follower.rest()).not.toContain("UserSignedUp");
  });

  async function follow(path: string, cookie: string, headers: Record<string, string> = {}) {
    const response = await here().send("GET", path, { cookie, headers });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (reader === undefined) throw new Error("no body");
    let buffer = "";
    const ids = async (count: number): Promise<ReadonlyArray<number>> => {
      const found: Array<number> = [];
      while (found.length < count) {
        const end = buffer.indexOf("\n\n");
        if (end < 0) {
          const { done, value } = await reader.read();
          if (done) throw new Error("the stream ended");
          buffer += value;
          continue;
        }
        const id = /^id: (\d+)$/m.exec(buffer.slice(0, end))?.[1];
        buffer = buffer.slice(end + 2);
        if (id !== undefined) found.push(Number(id));
      }
      return found;
    };
    const until = async (position: number) => {
      while ((await ids(1))[0] !== position);
    };
    const rest = async () => {
      let text = buffer;
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return text;
        text += value;
      }
    };
    return { ids, until, rest, close: () => reader.cancel() };
  }
}
