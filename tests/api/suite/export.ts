import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import type { Stage } from "../suite.ts";
import { PASSWORD } from "../world.ts";

type Somebody = { readonly id: string; readonly cookie: string; readonly email: string };

export function exportTests({ here }: Stage): void {
  let architect: Somebody;
  let admin: Somebody;
  let auditor: Somebody;
  beforeAll(async () => {
    architect = await here().architect();
    admin = await here().withRole("admin", architect);
    auditor = await here().withRole("auditor", architect);
    const body = { name: "Ada Lovelace" };
    await here().ask("PATCH", "/v1/me", { cookie: architect.cookie, body });
  });
  const opened = async (userId: string) => {
    const path = `/v1/ledger/events?ledger=activity&stream=disclosure-${userId}`;
    return (await here().ask("GET", path, auditor)).json.items;
  };

  test("one's export holds everything about oneself and nothing of others", async () => {
    const bob = await here().person("bob");
    const stranger = await here().person("stranger");
    const body = { name: "Bob Export", phone: "+49 30 1234" };
    await here().ask("PATCH", "/v1/me", { cookie: bob.cookie, body });
    await here().ask("POST", `/v1/users/${bob.id}/roles/buyer`, architect);
    const heard = await here().ask("GET", "/v1/me/export", bob);
    expect(heard.status).toBe(200);
    expect(heard.headers.get("content-type")).toBe("application/json");
    expect(heard.headers.get("content-disposition")).toContain("attachment");
    const { user, accounts, roles, sessions, history } = heard.json;
    expect(user).toMatchObject({ id: bob.id, email: bob.email, ...body, roles: ["user", "buyer"] });
    expect(accounts).toMatchObject([{ provider: "password" }]);
    expect(roles).toMatchObject([
      { role: "user", grantedBy: "oneself" },
      { role: "buyer", grantedBy: `user ${architect.id.slice(0, 8)}` },
    ]);
    expect(sessions).toMatchObject([{ method: "sign-up" }]);
    expect(history.map(({ summary }: { summary: string }) => summary)).toEqual([
      `Given the role buyer, by user ${architect.id.slice(0, 8)}.`,
      "Profile changed: name Bob Export, phone +49 30 1234.",
      "Set a password.",
      `Signed up with ${bob.email}.`,
    ]);
    const text = JSON.stringify(heard.json);
    for (const foreign of ["Ada Lovelace", architect.email, stranger.email, stranger.id]) {
      expect(text).not.toContain(foreign);
    }
    expect(text).not.toMatch(/password:[0-9a-f-]{36}"?,"digest":"\w+","secret|\$argon2/);
    expect(await opened(bob.id)).toEqual([]);
  });

  test("parts longer than a page are whole", async () => {
    const bob = await here().person("bob");
    const changes = 205;
    for (let n = 0; n < changes; n++) {
      await here().ask("PATCH", "/v1/me", { cookie: bob.cookie, body: { bio: `Bio ${n}` } });
    }
    const { history } = (await here().ask("GET", "/v1/me/export", bob)).json;
    const positions = history.map(({ position }: { position: number }) => position);
    expect(new Set(positions).size).toBe(changes + 2);
    expect(positions).toEqual(positions.toSorted((a: number, b: number) => b - a));
  });

  test("who exports somebody else is on record, and must be an auditor or architect", async () => {
    const bob = await here().person("bob");
    const path = `/v1/users/${bob.id}/export`;
    for (const { cookie } of [admin, bob]) {
      const heard = await here().ask("GET", path, { cookie });
      expect(heard.json).toMatchObject({ status: 403, requires: "auditor" });
    }
    expect(await opened(bob.id)).toEqual([]);
    const heard = await here().ask("GET", path, auditor);
    expect(heard.json.user.email).toBe(bob.email);
    expect(await opened(bob.id)).toMatchObject([
      {
        type: "PersonalDataOpened",
        actor: `user:${auditor.id}`,
        data: { userId: bob.id, what: "export" },
      },
    ]);
    expect((await here().ask("GET", `/v1/users/${randomUUID()}/export`, auditor)).status).toBe(404);
  });

  test("the erased are exported as erased", async () => {
    const bob = await here().person("bob");
    await here().ask("DELETE", "/v1/me", bob);
    const heard = await here().ask("GET", `/v1/users/${bob.id}/export`, architect);
    expect(heard.json).toMatchObject({ user: { status: "erased" }, accounts: [], roles: [] });
    expect(JSON.stringify(heard.json)).not.toContain(bob.email);
    expect(heard.json.history.at(-1)).toMatchObject({
      data: { email: { erased: true } },
      summary: "Signed up with (erased).",
    });
  });

  test("the accounts of a person are the ways in that they have, without a secret", async () => {
    const bob = await here().person("bob");
    const mine = await here().ask("GET", "/v1/me/accounts", bob);
    expect(mine.json.items).toMatchObject([{ provider: "password" }]);
    expect(JSON.stringify(mine.json)).not.toContain("digest");
    for (const { cookie } of [admin, auditor]) {
      const heard = await here().ask("GET", `/v1/users/${bob.id}/accounts`, { cookie });
      expect(heard.json).toEqual(mine.json);
    }
    expect((await here().ask("GET", `/v1/users/${bob.id}/accounts`, bob)).status).toBe(403);
    const gone = await here().ask("GET", `/v1/users/${randomUUID()}/accounts`, admin);
    expect(gone.status).toBe(404);
  });

  test("a history says in words what happened and, to who may know, by whom", async () => {
    const bob = await here().person("bob");
    const until = "2099-05-03T14:05:00.000Z";
    const block = { cookie: architect.cookie, body: { reason: "spam", until } };
    await here().ask("POST", `/v1/users/${bob.id}/block`, block);
    const path = `/v1/users/${bob.id}/history?limit=1`;
    const [first] = (await here().ask("GET", path, architect)).json.items;
    expect(first.summary).toBe("Blocked until 3 May 2099, 14:05 UTC: spam, by Ada Lovelace.");
    const [sealed] = (await here().ask("GET", path, auditor)).json.items;
    expect(sealed.summary).toContain(`by user ${architect.id.slice(0, 8)}.`);
  });

  test("anyone reads secrets back", async () => {
    const bob = await here().person("bob");
    for (const [path, cookie] of [
      ["/v1/me", bob.cookie],
      ["/v1/me/accounts", bob.cookie],
      ["/v1/me/sessions", bob.cookie],
      ["/v1/me/export", bob.cookie],
      ["/v1/me/history", bob.cookie],
      [`/v1/users/${bob.id}`, architect.cookie],
      [`/v1/users/${bob.id}/accounts`, architect.cookie],
      [`/v1/users/${bob.id}/export`, architect.cookie],
      [`/v1/ledger/events?stream=user-${bob.id}`, architect.cookie],
      [`/v1/ledger/events?ledger=activity&limit=200`, architect.cookie],
    ] as const) {
      const text = await (await here().send("GET", path, { cookie })).text();
      const secret = bob.cookie.split("=")[1] ?? "";
      expect(text, path).not.toContain(secret);
      expect(text, path).not.toContain(PASSWORD);
      expect(text, path).not.toMatch(/\$argon2/);
    }
  });
}
