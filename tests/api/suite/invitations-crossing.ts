import { expect, test } from "vitest";
import { lapseInvitations } from "../../../adapters/reactions/lapse-invitations.ts";
import { after, dyingAfter, dyingBefore, interposed } from "../../support/interposed.ts";
import { said, tokenBy } from "../../support/mailed-links.ts";
import type { Stage } from "../suite.ts";
import { PASSWORD } from "../world.ts";

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
const MINUTE_MS = 60_000;
const REFUSED = [403, "invalid_invitation"];

/** What happens to an invitation while somebody comes by it, and when that request dies. */
export function invitationCrossingTests({ fresh }: Stage): void {
  const stage = async () => {
    const { around, arm } = interposed();
    const w = await fresh({ signUp: "invited" }, around);
    const { cookie } = await w.architect();
    const email = `invited-${crypto.randomUUID()}@example.org`;
    let id = "";
    const token = await tokenBy(w, { email, template: "invitation" }, async () => {
      const body = { email, roles: ["buyer"] };
      id = (await w.ask("POST", "/v1/invitations", { cookie, body })).json.invitation.id;
    });
    const come = (more: { readonly cookie?: string | undefined; readonly body?: object } = {}) =>
      w.ask("POST", "/v1/sign-up", {
        ...more,
        body: { email, password: PASSWORD, invitation: token, ...more.body },
      });
    const signIn = () =>
      w.ask("POST", "/v1/sign-in", { body: { identifier: email, password: PASSWORD } });
    const withdraw = () => w.ask("DELETE", `/v1/invitations/${id}`, { cookie });
    const listed = async () => {
      const [head] = await w.heads();
      return (await w.ask("GET", `/v1/invitations?at_least=${head}`, { cookie })).json.items;
    };
    return { w, arm, email, come, signIn, withdraw, listed };
  };

  test.each(["user-", "invitation-"])(
    "withdrawn right before %s… is appended, it makes nobody",
    async (stream) => {
      const { arm, come, signIn, withdraw, listed } = await stage();
      arm(
        stream,
        after(async () => expect((await withdraw()).status).toBe(204)),
      );
      expect(said(await come())).toEqual(REFUSED);
      expect((await signIn()).status).toBe(401);
      const [row] = await listed();
      expect([row.status, row.userId]).toEqual(["withdrawn", undefined]);
      expect(said(await come())).toEqual(REFUSED);
    },
  );

  test("lapsed right before the account is appended, it makes nobody", async () => {
    const { w, arm, come, signIn, listed } = await stage();
    arm(
      "user-",
      after(async () => {
        await listed();
        w.forward(WEEK_MS + MINUTE_MS);
        await w.run(lapseInvitations);
      }),
    );
    expect(said(await come())).toEqual(REFUSED);
    expect((await signIn()).status).toBe(401);
  });

  test("who accepted it in time is let in, though it expires before they are", async () => {
    const { w, arm, come, signIn } = await stage();
    arm(
      "user-",
      after(async () => w.forward(WEEK_MS + MINUTE_MS)),
    );
    expect((await come()).status).toBe(201);
    expect((await signIn()).status).toBe(200);
  });

  test("accepted by a request that died, it waits for the same person's link", async () => {
    const { arm, come, withdraw, listed } = await stage();
    arm("user-", dyingBefore);
    expect((await come()).status).toBe(500);
    const [row] = await listed();
    expect(row.status).toBe("accepted");
    expect(said(await come({ body: { email: "other@example.org" } }))).toEqual(REFUSED);
    const heard = await come({ body: { password: `another ${PASSWORD}` } });
    expect([heard.status, heard.json.user.id]).toEqual([201, row.userId]);
    expect(heard.json.user).toMatchObject({ roles: ["user", "buyer"], emailVerified: true });
    expect(said(await withdraw())).toEqual([409, "already_accepted"]);
  });

  test("accepted by a guest whose request died, it makes that guest a user", async () => {
    const { w, arm, come } = await stage();
    const guest = await w.ask("POST", "/v1/guest");
    arm("user-", dyingBefore);
    expect((await come({ cookie: guest.cookie })).status).toBe(500);
    const heard = await come();
    expect([heard.status, heard.json.user.id]).toEqual([201, guest.json.user.id]);
    expect((await w.ask("GET", "/v1/session", { cookie: guest.cookie })).status).toBe(401);
  });

  test("accepted by a request that died, it can be withdrawn, and lapses", async () => {
    for (const how of ["withdrawn", "lapsed"] as const) {
      const { w, arm, come, withdraw, listed } = await stage();
      arm("user-", dyingBefore);
      expect((await come()).status).toBe(500);
      await listed();
      if (how === "withdrawn") expect((await withdraw()).status).toBe(204);
      else {
        w.forward(WEEK_MS + MINUTE_MS);
        await w.run(lapseInvitations);
      }
      expect(said(await come())).toEqual(REFUSED);
    }
  });

  test("who has come and was not told so goes on by the same password alone", async () => {
    const { arm, come, signIn, withdraw, listed } = await stage();
    arm("user-", dyingAfter);
    expect((await come()).status).toBe(500);
    expect(said(await withdraw())).toEqual([409, "already_accepted"]);
    const stranger = await come({ body: { password: `not ${PASSWORD}` } });
    expect(said(stranger)).toEqual([409, "email_taken"]);
    const [{ userId }] = await listed();
    const heard = await come();
    expect([heard.status, heard.json.user.id]).toEqual([201, userId]);
    expect(said(await come())).toEqual(REFUSED);
    expect((await signIn()).status).toBe(200);
  });
}
