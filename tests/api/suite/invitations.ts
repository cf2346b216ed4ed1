import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { ReadModels } from "../../../adapters/ports/read-models.ts";
import { Sealer } from "../../../adapters/ports/sealer.ts";
import { lapseInvitations } from "../../../adapters/reactions/lapse-invitations.ts";
import { lapseNewcomers } from "../../../adapters/reactions/lapse-newcomers.ts";
import type { RequestContext } from "../../../api/http/call.ts";
import { enroll } from "../../../api/sign-up/enroll.ts";
import { magicLink, redeem, said, tokenBy } from "../../support/mailed-links.ts";
import type { Stage } from "../suite.ts";
import { PASSWORD, type World } from "../world.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const REFUSED = [403, "invalid_invitation"];

/** Whether a value sealed for this owner can still be opened. */
const hasKey = (owner: `user:${string}` | `invitation:${string}`) =>
  Effect.map(
    Effect.flatMap(Sealer, ({ key }) => key(owner)),
    (key) => key !== undefined,
  );

/** A request of nobody, as handlers are given it. */
const contextOf = ({ settings }: World): RequestContext => ({
  settings,
  requestId: crypto.randomUUID(),
  commandId: crypto.randomUUID(),
  caller: undefined,
  address: undefined,
  headers: new Headers(),
  asOf: undefined,
  presented: undefined,
  stopping: undefined,
});

/** Whose keys wait for somebody who may never come, once the model knows of all of them. */
const newcomers = Effect.gen(function* () {
  const { list, reach } = yield* ReadModels;
  yield* reach("newcomers", (yield* (yield* Ledgers).activity.head).position, 5_000);
  const { items } = yield* list("newcomers", { limit: 200 });
  return items.map(({ row }) => `user:${row["userId"]}` as const);
});

export function invitationTests({ fresh }: Stage): void {
  const stage = async () => {
    const w = await fresh({ signUp: "invited" });
    const architect = await w.architect();
    const invited = `invited-${crypto.randomUUID()}@example.org`;
    return { w, cookie: architect.cookie, email: invited, architect: architect.email };
  };
  const invite = async (
    w: World,
    cookie: string,
    body: { readonly email: string; readonly roles?: ReadonlyArray<string> },
  ) => {
    let id = "";
    const token = await tokenBy(w, { email: body.email, template: "invitation" }, async () => {
      const heard = await w.ask("POST", "/v1/invitations", { cookie, body });
      expect(heard.status).toBe(201);
      id = heard.json.invitation.id;
    });
    return { id, token };
  };
  const come = (w: World, token: string, email: string, more: object = {}) => {
    const body = { email, password: PASSWORD, invitation: token, ...more };
    return w.ask("POST", "/v1/sign-up", { body });
  };
  const listed = async (w: World, cookie: string) => {
    const [head] = await w.heads();
    return (await w.ask("GET", `/v1/invitations?at_least=${head}`, { cookie })).json.items;
  };

  test("an invitation signs up, proves the address and gives its roles", async () => {
    const { w, cookie, email } = await stage();
    const { id, token } = await invite(w, cookie, { email, roles: ["buyer", "auditor"] });
    expect(await listed(w, cookie)).toMatchObject([{ id, email, status: "open" }]);
    const heard = await come(w, token, email.toUpperCase(), { name: "Ida" });
    expect(heard.status).toBe(201);
    expect(heard.json.user).toMatchObject({
      email,
      name: "Ida",
      emailVerified: true,
      roles: ["user", "buyer", "auditor"],
    });
    expect((await w.ask("GET", "/v1/session", { cookie: heard.cookie })).status).toBe(200);
    const [row] = await listed(w, cookie);
    expect(row).toMatchObject({ id, status: "accepted", userId: heard.json.user.id });
    expect(row.email).toBeUndefined();
    expect(await w.run(hasKey(`invitation:${id}`))).toBe(false);
  });

  test("an invitation is used twice: of fifty at once one signs up", async () => {
    const { w, cookie, email } = await stage();
    const { token } = await invite(w, cookie, { email });
    const heard = await Promise.all(Array.from({ length: 50 }, () => come(w, token, email)));
    expect(heard.filter(({ status }) => status === 201)).toHaveLength(1);
    const codes = new Set(
      heard.filter(({ status }) => status !== 201).map(({ json }) => json.code as string),
    );
    expect([...codes].every((code) => ["invalid_invitation", "email_taken"].includes(code))).toBe(
      true,
    );
    expect(said(await come(w, token, email))).toEqual(REFUSED);
  });

  test("an invitation is late, withdrawn, for another address, or of another purpose", async () => {
    const { w, cookie, email } = await stage();
    const { id, token } = await invite(w, cookie, { email });
    const other = await invite(w, cookie, { email: "other@example.org" });
    expect(said(await come(w, token, "other@example.org"))).toEqual(REFUSED);
    expect(said(await redeem(w, token))).toEqual([403, "invalid_token"]);
    const withdrawn = await w.ask("DELETE", `/v1/invitations/${id}`, { cookie });
    expect(withdrawn.status).toBe(204);
    expect(said(await come(w, token, email))).toEqual(REFUSED);
    expect(await w.run(hasKey(`invitation:${id}`))).toBe(false);
    expect((await w.ask("DELETE", `/v1/invitations/${id}`, { cookie })).status).toBe(204);
    w.forward(7 * DAY_MS + MINUTE_MS);
    expect(said(await come(w, other.token, "other@example.org"))).toEqual(REFUSED);
  });

  test("who signed up without the invitation does not take its place", async () => {
    const { w, cookie, email } = await stage();
    const { token } = await invite(w, cookie, { email, roles: ["buyer"] });
    await w.run(enroll(contextOf(w), { email, password: PASSWORD }));
    expect(said(await come(w, token, email))).toEqual([409, "email_taken"]);
  });

  test("invited again, the first invitation and its roles are worthless", async () => {
    const { w, cookie, email, architect } = await stage();
    const first = await invite(w, cookie, { email, roles: ["buyer"] });
    // What is refused leaves the first as it was.
    const body = { email, roles: ["nobody_has_this"] };
    const refused = await w.ask("POST", "/v1/invitations", { cookie, body });
    expect(said(refused)).toEqual([400, "unknown_role"]);
    expect(await listed(w, cookie)).toMatchObject([{ id: first.id, status: "open" }]);
    const second = await invite(w, cookie, { email, roles: ["vip_user"] });
    expect(await listed(w, cookie)).toMatchObject([
      { id: first.id, status: "withdrawn" },
      { id: second.id, status: "open" },
    ]);
    expect(await w.run(hasKey(`invitation:${first.id}`))).toBe(false);
    expect(said(await come(w, first.token, email))).toEqual(REFUSED);
    const heard = await come(w, second.token, email);
    expect(heard.json.user.roles).toEqual(["user", "vip_user"]);
    // Come, withdrawn and lapsed give the address back.
    const gone = "gone@example.org";
    const { id } = await invite(w, cookie, { email: gone });
    expect((await w.ask("DELETE", `/v1/invitations/${id}`, { cookie })).status).toBe(204);
    await invite(w, cookie, { email: gone });
    w.forward(7 * DAY_MS + MINUTE_MS);
    await w.run(lapseInvitations);
    const right = { identifier: architect, password: PASSWORD };
    const again = await w.ask("POST", "/v1/sign-in", { body: right });
    await invite(w, String(again.cookie), { email: gone });
  });

  test("of many who invite one address at once, one invitation stays", async () => {
    const { w, cookie, email } = await stage();
    const heard = await Promise.all(
      Array.from({ length: 8 }, () =>
        w.ask("POST", "/v1/invitations", { cookie, body: { email } }),
      ),
    );
    expect(heard.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    const open = (await listed(w, cookie)).filter(
      ({ status }: { readonly status: string }) => status === "open",
    );
    expect(open).toHaveLength(1);
  });

  test("with a person goes the invitation to their address: nobody comes back by it", async () => {
    const { w, cookie, email } = await stage();
    const { id, token } = await invite(w, cookie, { email, roles: ["auditor"] });
    const { userId } = await w.run(enroll(contextOf(w), { email, password: PASSWORD }));
    expect((await w.ask("DELETE", `/v1/users/${userId}`, { cookie })).status).toBe(204);
    expect(await w.run(hasKey(`invitation:${id}`))).toBe(false);
    expect(await listed(w, cookie)).toMatchObject([{ id, status: "withdrawn" }]);
    expect(said(await come(w, token, email))).toEqual(REFUSED);
  });

  test("only architects invite admins and auditors, and nobody invites architects", async () => {
    const { w, cookie } = await stage();
    const invitee = `admin-${crypto.randomUUID()}@example.org`;
    const { token } = await invite(w, cookie, { email: invitee, roles: ["admin"] });
    const admin = await come(w, token, invitee);
    const tries = async (roles: ReadonlyArray<string>, by = admin.cookie) => {
      const body = { email: `x-${crypto.randomUUID()}@example.org`, roles };
      return said(await w.ask("POST", "/v1/invitations", { cookie: by, body }));
    };
    expect(await tries(["admin"])).toEqual([403, "forbidden"]);
    expect(await tries(["auditor"])).toEqual([403, "forbidden"]);
    expect(await tries(["architect"])).toEqual([400, "use_architects"]);
    expect(await tries(["architect"], cookie)).toEqual([400, "use_architects"]);
    expect(await tries(["guest"])).toEqual([400, "unknown_role"]);
    expect(await tries(["pirate"])).toEqual([400, "unknown_role"]);
    expect(await tries(["buyer"])).toEqual([201]);
    expect(await tries([])).toEqual([201]);
  });

  test("who has an account is not invited; without mail nobody is", async () => {
    const { w, cookie, email } = await stage();
    const { token } = await invite(w, cookie, { email });
    await come(w, token, email);
    const again = await w.ask("POST", "/v1/invitations", { cookie, body: { email } });
    expect(said(again)).toEqual([409, "email_taken"]);
    const shut = await fresh({ signUp: "invited", mail: "closed" });
    const heard = await shut.ask("POST", "/v1/invitations", {
      cookie: (await shut.architect()).cookie,
      body: { email },
    });
    expect(said(heard)).toEqual([409, "mail_closed"]);
  });

  test("a guest who was invited stays who they are", async () => {
    const { w, cookie, email } = await stage();
    const { token } = await invite(w, cookie, { email, roles: ["buyer"] });
    const guest = await w.ask("POST", "/v1/guest");
    const body = { email, password: PASSWORD, invitation: token };
    const heard = await w.ask("POST", "/v1/sign-up", { cookie: guest.cookie, body });
    expect(heard.json.user).toMatchObject({
      id: guest.json.user.id,
      roles: ["user", "buyer"],
      emailVerified: true,
    });
  });

  test("while sign-up is closed, an invitation opens nothing either", async () => {
    const w = await fresh({ signUp: "closed" });
    const { cookie } = await w.architect();
    const body = { email: "late@example.org" };
    const heard = await w.ask("POST", "/v1/invitations", { cookie, body });
    expect(said(heard)).toEqual([403, "signup_closed"]);
    expect(said(await come(w, "A".repeat(43), "late@example.org"))).toEqual([403, "signup_closed"]);
  });

  test("what has expired lapses, and its address becomes unreadable", async () => {
    const { w, cookie, email } = await stage();
    const { id } = await invite(w, cookie, { email });
    await w.run(lapseInvitations);
    expect(await listed(w, cookie)).toMatchObject([{ status: "open" }]);
    w.forward(7 * DAY_MS + MINUTE_MS);
    await w.run(lapseInvitations);
    await w.run(lapseInvitations);
    expect(await w.run(hasKey(`invitation:${id}`))).toBe(false);
  });

  test("who asked for a link and never came is let go of; who came stays", async () => {
    const w = await fresh();
    const [gone, came] = ["gone@example.org", "came@example.org"];
    await magicLink(w, gone);
    const { json } = await redeem(w, await magicLink(w, came));
    const waiting = await w.run(newcomers);
    expect(await Promise.all(waiting.map((owner) => w.run(hasKey(owner))))).toEqual([true, true]);
    await w.run(lapseNewcomers);
    expect(await w.run(newcomers)).toEqual(waiting);
    w.forward(DAY_MS + 2 * 60 * MINUTE_MS);
    await w.run(lapseNewcomers);
    expect(await w.run(newcomers)).toEqual([]);
    const kept = await Promise.all(waiting.map((owner) => w.run(hasKey(owner))));
    expect(kept).toEqual(waiting.map((owner) => owner === `user:${json.user.id}`));
  });

  test("a role that was retired meanwhile is not given", async () => {
    const { w, cookie, email } = await stage();
    const body = { name: "seasonal", description: "Comes and goes" };
    expect((await w.ask("POST", "/v1/roles", { cookie, body })).status).toBe(201);
    const { token } = await invite(w, cookie, { email, roles: ["buyer", body.name] });
    const retired = await w.ask("DELETE", `/v1/roles/${body.name}?force=true`, { cookie });
    expect(retired.status).toBe(204);
    const heard = await come(w, token, email);
    expect([heard.status, heard.json.user.roles.toSorted()]).toEqual([201, ["buyer", "user"]]);
  });
}
