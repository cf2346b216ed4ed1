import { expect, test } from "vitest";
import type { Stage } from "../suite.ts";
import type { World } from "../world.ts";

const statusesOf = async (w: World, cookies: ReadonlyArray<string | undefined>) =>
  Promise.all(
    cookies.map(async (cookie) => (await w.ask("GET", "/v1/session", { cookie })).status),
  );

export function guestLimitTests({ fresh }: Stage): void {
  const limited = async (body: { readonly perAddressPerHour: number; readonly max: number }) => {
    const w = await fresh();
    const architect = await w.architect();
    const put = await w.ask("PUT", "/v1/guests/limits", { cookie: architect.cookie, body });
    expect([put.status, put.json]).toEqual([200, body]);
    return { w, architect };
  };
  const evicted = async (w: World, cookie: string) =>
    (await w.ask("GET", "/v1/ledger/events?type=GuestEvicted&limit=200", { cookie })).json.items;

  test("limits are an architect's to see and to revise", async () => {
    const { w, architect } = await limited({ perAddressPerHour: 7, max: 9 });
    const admin = await w.withRole("admin", architect);
    const before = await w.heads();
    for (const [method, body] of [
      ["GET", undefined],
      ["PUT", { perAddressPerHour: 1, max: 1 }],
    ] as const) {
      const heard = await w.ask(method, "/v1/guests/limits", { cookie: admin.cookie, body });
      expect(heard.json).toMatchObject({ status: 403, requires: "architect" });
    }
    const { cookie } = architect;
    for (const body of [{ perAddressPerHour: 0, max: 9 }, { perAddressPerHour: 7 }, { max: -1 }]) {
      expect((await w.ask("PUT", "/v1/guests/limits", { cookie, body })).status).toBe(400);
    }
    const same = { cookie, body: { perAddressPerHour: 7, max: 9 } };
    expect((await w.ask("PUT", "/v1/guests/limits", same)).status).toBe(200);
    expect(await w.heads()).toEqual(before);
  });

  test("one address makes as many guests an hour as the limit says now", async () => {
    const { w, architect } = await limited({ perAddressPerHour: 2, max: 100 });
    const guest = async () => {
      const heard = await w.ask("POST", "/v1/guest", { remoteAddress: "198.51.100.7" });
      return heard.status;
    };
    expect([await guest(), await guest(), await guest()]).toEqual([201, 201, 429]);
    const body = { perAddressPerHour: 3, max: 100 };
    await w.ask("PUT", "/v1/guests/limits", { cookie: architect.cookie, body });
    expect([await guest(), await guest()]).toEqual([201, 429]);
  });

  test("past the maximum the guest unseen for longest is erased and signed out", async () => {
    const { w, architect } = await limited({ perAddressPerHour: 5, max: 2 });
    const first = await w.ask("POST", "/v1/guest");
    const second = await w.ask("POST", "/v1/guest");
    const body = { name: "A guest with a name" };
    await w.ask("PATCH", "/v1/me", { cookie: first.cookie, body });
    expect(await statusesOf(w, [first.cookie, second.cookie])).toEqual([200, 200]);
    const third = await w.ask("POST", "/v1/guest");
    expect(await statusesOf(w, [first.cookie, second.cookie, third.cookie])).toEqual([
      401, 200, 200,
    ]);
    const { id } = first.json.user;
    const gone = await w.ask("GET", `/v1/users/${id}`, { cookie: architect.cookie });
    expect(gone.json.user.status).toBe("erased");
    const [event] = await evicted(w, architect.cookie);
    expect(event).toMatchObject({ stream: `user-${id}`, actor: "process:evict-guests" });
  });

  test("of 50 guests admitted at once no more are evicted than are too many", async () => {
    const { w, architect } = await limited({ perAddressPerHour: 5, max: 12 });
    const admitted = await Promise.all(
      Array.from({ length: 50 }, () => w.ask("POST", "/v1/guest")),
    );
    expect(admitted.map(({ status }) => status)).toEqual(admitted.map(() => 201));
    expect(await evicted(w, architect.cookie)).toHaveLength(38);
    const statuses = await statusesOf(
      w,
      admitted.map(({ cookie }) => cookie),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(12);
  });

  test("who signed up is no guest any more, and makes room for nobody", async () => {
    const { w } = await limited({ perAddressPerHour: 5, max: 1 });
    const guest = await w.ask("POST", "/v1/guest");
    const body = { email: "was-a-guest@example.org", password: "correct horse battery" };
    const promoted = await w.ask("POST", "/v1/sign-up", { cookie: guest.cookie, body });
    expect(promoted.status).toBe(201);
    await w.ask("POST", "/v1/guest");
    await w.ask("POST", "/v1/guest");
    expect(await statusesOf(w, [promoted.cookie])).toEqual([200]);
  });

  test("a guest who leaves is erased as a guest, and cannot come back", async () => {
    const { w, architect } = await limited({ perAddressPerHour: 5, max: 10 });
    const guest = await w.ask("POST", "/v1/guest");
    const { id } = guest.json.user;
    expect((await w.ask("DELETE", "/v1/me", { cookie: guest.cookie })).status).toBe(204);
    expect(await statusesOf(w, [guest.cookie])).toEqual([401]);
    const { cookie } = architect;
    const { items } = (await w.ask("GET", `/v1/ledger/events?stream=user-${id}`, { cookie })).json;
    expect(items.map(({ type }: { type: string }) => type)).toEqual(["GuestAdmitted", "GuestLeft"]);
  });
}
