import { expect, test } from "vitest";
import type { Stage } from "../suite.ts";
import { PASSWORD } from "../world.ts";

export function erasureTests({ fresh }: Stage): void {
  test("an erased person is signed out, unreadable, and their address is free again", async () => {
    const w = await fresh();
    const architect = await w.architect();
    const bob = await w.person("bob");
    await w.ask("PATCH", "/v1/me", { cookie: bob.cookie, body: { name: "Bob" } });
    const gone = await w.ask("DELETE", "/v1/me", { cookie: bob.cookie });
    expect(gone.status).toBe(204);
    expect(gone.headers.get("set-cookie")).toMatch(/Max-Age=0/);
    expect((await w.ask("GET", "/v1/session", { cookie: bob.cookie })).status).toBe(401);
    const body = { identifier: bob.email, password: PASSWORD };
    expect((await w.ask("POST", "/v1/sign-in", { body })).status).toBe(401);
    const { cookie } = architect;
    const shown = await w.ask("GET", `/v1/users/${bob.id}`, { cookie });
    expect(shown.json.user).toMatchObject({ status: "erased", roles: [], methods: [] });
    expect(shown.json.user.email).toBeUndefined();
    const before = await w.ask("GET", `/v1/users/${bob.id}?as_of=${gone.position - 1}`, { cookie });
    expect(before.json.user).toMatchObject({ email: { erased: true }, name: { erased: true } });
    const history = await w.ask("GET", `/v1/users/${bob.id}/history`, { cookie });
    expect(history.json.items.at(-1).data).toMatchObject({ email: { erased: true } });
    expect(JSON.stringify(history.json)).not.toContain(bob.email);
    const again = { email: bob.email, password: PASSWORD };
    expect((await w.ask("POST", "/v1/sign-up", { body: again })).status).toBe(201);
  });

  test("an architect erases somebody; twice is once; nothing follows", async () => {
    const w = await fresh();
    const { cookie } = await w.architect();
    const bob = await w.person("bob");
    const path = `/v1/users/${bob.id}`;
    expect((await w.ask("DELETE", path, { cookie })).status).toBe(204);
    const [head] = await w.heads();
    expect((await w.ask("DELETE", path, { cookie })).status).toBe(204);
    for (const action of ["roles/buyer", "block", "unblock"]) {
      const heard = await w.ask("POST", `${path}/${action}`, { cookie });
      expect([heard.status, heard.json.code], action).toEqual([409, "erased"]);
    }
    const reason = { reason: "after the end" };
    expect((await w.ask("POST", `${path}/block`, { cookie, body: reason })).status).toBe(409);
    expect((await w.heads())[0]).toBe(head);
    expect((await w.ask("DELETE", `/v1/users/${crypto.randomUUID()}`, { cookie })).status).toBe(
      404,
    );
    expect((await w.ask("GET", "/v1/session", { cookie: bob.cookie })).status).toBe(401);
  });
}
