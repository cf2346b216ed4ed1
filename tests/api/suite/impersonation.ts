import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { userCodec } from "../../../adapters/codec/user.ts";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import type { Stage } from "../suite.ts";
import { PASSWORD, type World } from "../world.ts";

const MINUTE_MS = 60_000;

export function impersonationTests({ fresh }: Stage): void {
  /** An architect, an admin, and the person in whose name they act. */
  const stage = async (changed?: Parameters<typeof fresh>[0]) => {
    const w = await fresh(changed);
    const architect = await w.architect();
    const admin = await w.withRole("admin", architect);
    const person = await w.person("customer");
    return { w, architect, admin, person };
  };
  type By = { readonly cookie: string };
  const impersonate = (w: World, by: By, id: string, body: object = {}) =>
    w.ask("POST", `/v1/users/${id}/impersonate`, { cookie: by.cookie, body });
  const stop = (w: World, cookie: string | undefined) =>
    w.ask("POST", "/v1/impersonation/stop", { cookie });
  const who = async (w: World, cookie: string | undefined) => {
    const { status, json } = await w.ask("GET", "/v1/session", { cookie });
    return status === 200 ? json.user.id : status;
  };

  test("an admin acts in somebody's name, and each event says who really did", async () => {
    const { w, architect, admin, person } = await stage();
    const begun = await impersonate(w, admin, person.id, { reason: "ticket 4711" });
    expect([begun.status, begun.json.user.id]).toEqual([201, person.id]);
    const [own] = begun.headers.getSetCookie().filter((set) => set.startsWith("authledger_own="));
    expect(own).toMatch(/^authledger_own=[\w-]{64}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
    const now = await w.ask("GET", "/v1/session", { cookie: begun.cookie });
    expect(now.json.session).toMatchObject({
      method: "impersonation",
      impersonator: { userId: admin.id },
    });
    const { startedAt, expiresAt, idleExpiresAt } = now.json.session;
    expect(idleExpiresAt).toBe(expiresAt);
    expect((Date.parse(expiresAt) - Date.parse(startedAt)) / MINUTE_MS).toBeCloseTo(60, 1);
    const revised = await w.ask("PATCH", "/v1/me", { cookie: begun.cookie, body: { name: "New" } });
    expect(revised.status).toBe(200);
    const { cookie } = architect;
    const event = await w.ask("GET", `/v1/ledger/events/${revised.position}`, { cookie });
    const actors = { actor: `user:${admin.id}`, onBehalfOf: `user:${person.id}` };
    expect(event.json).toMatchObject({ type: "ProfileRevised", ...actors });
    const stream = `session-${now.json.session.id}`;
    const path = `/v1/ledger/events?ledger=activity&stream=${stream}`;
    const [started] = (await w.ask("GET", path, { cookie })).json.items;
    expect(started).toMatchObject({
      type: "SessionStarted",
      ...actors,
      data: { impersonator: { userId: admin.id }, reason: "ticket 4711" },
    });
    const theirs = await w.ask("GET", "/v1/me/sessions", { cookie: person.cookie });
    const shown = theirs.json.items.map((one: { impersonator?: object }) => one.impersonator);
    expect(shown).toEqual([undefined, { userId: admin.id }]);
    expect((await w.ask("GET", "/v1/me", { cookie: person.cookie })).json.user.lastSignInAt).toBe(
      (await w.ask("GET", "/v1/me", { cookie: begun.cookie })).json.user.lastSignInAt,
    );
  });

  test("why somebody without anything sealed was acted for can be read too", async () => {
    const { w, architect, admin } = await stage();
    const id = crypto.randomUUID();
    const { position } = await w.run(
      Effect.flatMap(Effect.service(Ledgers), ({ identity }) =>
        identity.append({
          requestId: id,
          stream: `user-${id}`,
          expect: "none",
          entries: [userCodec.encode({ type: "GuestAdmitted" })],
          meta: { actor: "process:test", correlation: id },
        }),
      ),
    );
    await w.ask("GET", `/v1/users/${id}?at_least=${position}`, { cookie: architect.cookie });
    const begun = await impersonate(w, admin, id, { reason: "ticket 4712" });
    const { session } = (await w.ask("GET", "/v1/session", { cookie: begun.cookie })).json;
    const path = `/v1/ledger/events?ledger=activity&stream=session-${session.id}`;
    const [started] = (await w.ask("GET", path, { cookie: architect.cookie })).json.items;
    expect(started.data.reason).toBe("ticket 4712");
  });

  test("stopping ends it and returns to one's own session", async () => {
    const { w, architect, admin, person } = await stage();
    const begun = await impersonate(w, admin, person.id);
    const stopped = await stop(w, begun.cookie);
    expect([stopped.status, stopped.json.user.id]).toEqual([200, admin.id]);
    expect(stopped.cookie).toBe(admin.cookie);
    expect(stopped.headers.getSetCookie().at(-1)).toMatch(/^authledger_own=; .*Max-Age=0/);
    expect(await who(w, begun.cookie)).toBe(401);
    expect(await who(w, stopped.cookie)).toBe(admin.id);
    expect((await stop(w, stopped.cookie)).json.code).toBe("not_impersonating");
    expect((await stop(w, undefined)).status).toBe(409);
    const path = "/v1/ledger/events?ledger=activity&type=SessionEnded&limit=200";
    const { items } = (await w.ask("GET", path, { cookie: architect.cookie })).json;
    expect(items.at(-1)).toMatchObject({
      actor: `user:${admin.id}`,
      onBehalfOf: `user:${person.id}`,
      data: { reason: "impersonation-ended" },
    });
  });

  test("after an hour it is over, however much it is used, and the way back is open", async () => {
    const { w, admin, person } = await stage();
    const begun = await impersonate(w, admin, person.id);
    w.forward(45 * MINUTE_MS);
    const used = await w.ask("GET", "/v1/session", { cookie: begun.cookie });
    expect([used.status, used.headers.getSetCookie()]).toEqual([200, []]);
    w.forward(16 * MINUTE_MS);
    expect(await who(w, begun.cookie)).toBe(401);
    const back = await stop(w, begun.cookie);
    expect([back.status, back.cookie]).toEqual([200, admin.cookie]);
  });

  test("nobody acts as somebody of higher or equal rank, nor as themselves", async () => {
    const { w, architect, admin, person } = await stage();
    const equal = await w.withRole("admin", architect);
    const auditor = await w.withRole("auditor", architect);
    const refused = async (by: By, id: string) => {
      const { status, json } = await impersonate(w, by, id);
      return [status, json.code];
    };
    for (const { id } of [architect, equal, auditor]) {
      expect(await refused(admin, id)).toEqual([403, "outranked"]);
    }
    expect(await refused(admin, admin.id)).toEqual([403, "oneself"]);
    expect(await refused(auditor, person.id)).toEqual([403, "forbidden"]);
    expect(await refused(person, admin.id)).toEqual([403, "forbidden"]);
    const nobody = "00000000-0000-4000-8000-000000000000";
    expect(await refused(admin, nobody)).toEqual([404, "not_found"]);
    const { cookie } = architect;
    const second = await w.person("second");
    await w.ask("POST", "/v1/architects", { cookie, body: { userId: second.id } });
    expect(await refused(architect, second.id)).toEqual([403, "outranked"]);
    expect((await impersonate(w, architect, admin.id)).status).toBe(201);
    const guest = await w.ask("POST", "/v1/guest");
    expect((await impersonate(w, admin, guest.json.user.id)).status).toBe(201);
    const blocked = await w.person("blocked");
    await w.ask("POST", `/v1/users/${blocked.id}/block`, { cookie });
    expect(await refused(admin, blocked.id)).toEqual([409, "blocked"]);
    const erased = await w.person("erased");
    await w.ask("DELETE", `/v1/users/${erased.id}`, { cookie });
    expect(await refused(admin, erased.id)).toEqual([409, "erased"]);
  });

  test("never credentials, roles, erasure, sessions, doors or a second name", async () => {
    const { w, architect, admin, person } = await stage();
    const begun = await impersonate(w, admin, person.id);
    const asAdmin = await impersonate(w, architect, admin.id);
    const email = "fresh@example.org";
    const token = "whatever";
    const tries: ReadonlyArray<readonly [string, string, object?]> = [
      ["PUT", "/v1/me/password", { current: PASSWORD, password: "another good passphrase" }],
      ["POST", "/v1/session/elevate", { password: PASSWORD }],
      ["DELETE", "/v1/me"],
      ["DELETE", "/v1/me/sessions"],
      ["DELETE", `/v1/me/sessions/${person.id}`],
      ["POST", "/v1/sign-in", { identifier: person.email, password: PASSWORD }],
      ["POST", "/v1/sign-up", { email, password: PASSWORD }],
      ["POST", "/v1/setup", { token }],
      ["POST", "/v1/magic-link/redeem", { token }],
      ["POST", "/v1/email/verify", { token }],
      ["POST", "/v1/password/reset/complete", { token, password: "another good passphrase" }],
      ["POST", "/v1/email/verification"],
      ["PUT", "/v1/me/email", { email }],
      ["PUT", "/v1/me/username", { username: "somebody-else" }],
      ["POST", "/v1/guest"],
      // An admin reads nobody's past, in their name either.
      ["GET", "/v1/me/history"],
      ["GET", "/v1/me?as_of=2026-11-27T00:00:00Z"],
    ];
    for (const [method, path, body] of tries) {
      const heard = await w.ask(method, path, { cookie: begun.cookie, body });
      expect([heard.status, heard.json.code], path).toEqual([403, "impersonating"]);
    }
    const administered: ReadonlyArray<readonly [string, string, object?]> = [
      ["POST", `/v1/users/${person.id}/impersonate`],
      ["POST", `/v1/users/${person.id}/roles/buyer`],
      ["DELETE", `/v1/users/${person.id}/roles/buyer`],
      ["PUT", `/v1/users/${person.id}/roles`, { roles: ["user"] }],
      ["DELETE", `/v1/users/${person.id}/sessions`],
      ["DELETE", `/v1/users/${person.id}/sessions/${person.id}`],
    ];
    for (const [method, path, body] of administered) {
      const heard = await w.ask(method, path, { cookie: asAdmin.cookie, body });
      expect([heard.status, heard.json.code], path).toEqual([403, "impersonating"]);
    }
    expect(await who(w, person.cookie)).toBe(person.id);
  });

  test("it ends at once when the impersonator's session ends", async () => {
    const { w, admin, person } = await stage();
    const begun = await impersonate(w, admin, person.id);
    expect((await w.ask("POST", "/v1/sign-out", { cookie: admin.cookie })).status).toBe(204);
    expect(await who(w, begun.cookie)).toBe(401);
    expect((await stop(w, begun.cookie)).json.code).toBe("not_impersonating");
  });

  test("it ends at once when the impersonator is blocked, erased, or loses the role", async () => {
    const { w, architect, person } = await stage();
    const { cookie } = architect;
    const endings: ReadonlyArray<(id: string) => readonly [string, string]> = [
      (id) => ["POST", `/v1/users/${id}/block`],
      (id) => ["DELETE", `/v1/users/${id}`],
      (id) => ["DELETE", `/v1/users/${id}/roles/admin`],
      (id) => ["DELETE", `/v1/users/${id}/sessions`],
    ];
    for (const ending of endings) {
      const admin = await w.withRole("admin", architect);
      const begun = await impersonate(w, admin, person.id);
      expect(await who(w, begun.cookie)).toBe(person.id);
      const [method, path] = ending(admin.id);
      expect((await w.ask(method, path, { cookie })).status).toBeLessThan(300);
      expect(await who(w, begun.cookie), `${method} ${path}`).toBe(401);
    }
    const admin = await w.withRole("admin", architect);
    const begun = await impersonate(w, admin, person.id);
    expect((await w.ask("DELETE", "/v1/sessions", { cookie })).status).toBe(204);
    expect(await who(w, begun.cookie)).toBe(401);
  });

  test("it ends at once when the person is blocked, or comes to the same rank", async () => {
    const { w, architect, admin, person } = await stage();
    const { cookie } = architect;
    const other = await w.person("rising");
    const first = await impersonate(w, admin, person.id);
    const second = await impersonate(w, admin, other.id);
    await w.ask("POST", `/v1/users/${person.id}/block`, { cookie });
    expect(await who(w, first.cookie)).toBe(401);
    await w.ask("POST", `/v1/users/${other.id}/roles/auditor`, { cookie });
    expect(await who(w, second.cookie)).toBe(401);
    expect(await who(w, other.cookie)).toBe(other.id);
  });

  test("signing out in another's name signs out of one's own session too", async () => {
    const { w, admin, person } = await stage();
    const begun = await impersonate(w, admin, person.id);
    const out = await w.ask("POST", "/v1/sign-out", { cookie: begun.cookie });
    expect(out.headers.getSetCookie().map((set) => set.split(";")[0])).toEqual([
      "authledger_session=",
      "authledger_own=",
    ]);
    for (const { cookie } of [begun, admin]) expect(await who(w, cookie)).toBe(401);
    expect(await who(w, person.cookie)).toBe(person.id);
  });

  test("a kept cookie of somebody else's session is no way into it", async () => {
    const { w, architect, admin, person } = await stage();
    const begun = await impersonate(w, admin, person.id);
    const [acting] = String(begun.cookie).split("; ");
    const foreign = architect.cookie.replace("authledger_session", "authledger_own");
    const heard = await stop(w, `${acting}; ${foreign}`);
    expect([heard.status, heard.cookie]).toEqual([204, undefined]);
    expect(await who(w, acting)).toBe(401);
    expect((await stop(w, `${person.cookie}; ${foreign}`)).status).toBe(409);
  });

  test("with a cookie domain a proxy sees in whose name one acts, then oneself again", async () => {
    const { w, admin, person } = await stage({ cookieDomain: "example.org" });
    const begun = await impersonate(w, admin, person.id);
    const verify = async (cookie: string | undefined) => {
      const second = cookie?.split("; ").find((pair) => pair.startsWith("authledger_verify="));
      const heard = await w.ask("GET", "/v1/session/verify", { cookie: second });
      return heard.headers.get("authledger-user");
    };
    expect(await verify(begun.cookie)).toBe(person.id);
    expect(await verify((await stop(w, begun.cookie)).cookie)).toBe(admin.id);
  });
}
