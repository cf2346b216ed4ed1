import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { OneTimeTokens } from "../../../adapters/ports/one-time-tokens.ts";
import { after, interposed } from "../../support/interposed.ts";
import { magicLink, redeem as signInByLink } from "../../support/mailed-links.ts";
import type { Stage } from "../suite.ts";
import { PASSWORD, type World } from "../world.ts";

const HOUR_MS = 60 * 60 * 1000;

/** As `appoint-architect` makes one on the host, about whatever happened last. */
const linkFor = (subject: string) =>
  Effect.gen(function* () {
    const { activity } = yield* Ledgers;
    const { position } = yield* activity.head;
    const [record] = yield* activity.at([position]);
    return yield* (yield* OneTimeTokens).issue("appoint-architect", {
      subject,
      ledger: "activity",
      position,
      eventId: record?.id ?? "",
      expiresAt: new Date(Date.now() + HOUR_MS).toISOString(),
    });
  });

export function architectLinkTests({ fresh }: Stage): void {
  const redeem = (w: World, token: string, body: object = {}) =>
    w.ask("POST", "/v1/architects/redeem", { body: { token, ...body } });
  const session = async (w: World, cookie: string | undefined) =>
    (await w.ask("GET", "/v1/session", { cookie })).status;
  /** Somebody whom a mailed link lets in, without a password. */
  const linked = async (w: World, email: string) => {
    const heard = await signInByLink(w, await magicLink(w, email));
    expect(heard.status).toBe(200);
    return { id: String(heard.json.user.id), cookie: heard.cookie, email };
  };

  test("no session of before the appointment becomes an architect's", async () => {
    const w = await fresh();
    await w.architect();
    const password = { password: `a new ${PASSWORD}` };
    const [first, replaced, without] = [
      { who: await linked(w, "linked@example.org"), body: password },
      { who: await w.person("replaced"), body: password },
      { who: await w.person("without"), body: {} },
    ];
    for (const { who, body } of [first, replaced, without]) {
      const heard = await redeem(w, await w.run(linkFor(who.id)), body);
      expect([heard.status, heard.json.user.roles]).toEqual([200, ["architect"]]);
      expect(await session(w, who.cookie)).toBe(401);
      expect(await session(w, heard.cookie)).toBe(200);
    }
  });

  test("a first password that crosses another one replaces it, and no link is lost", async () => {
    const { around, arm } = interposed();
    const w = await fresh({}, around);
    await w.architect();
    const { id, email } = await linked(w, "crossing@example.org");
    const other = `another ${PASSWORD}`;
    // Two links, about two events.
    const link = await w.run(linkFor(id));
    await w.person("between");
    const crossing = await w.run(linkFor(id));
    arm(
      `user-${id}`,
      after(async () => expect((await redeem(w, crossing, { password: other })).status).toBe(200)),
    );
    expect((await redeem(w, link, { password: PASSWORD })).status).toBe(200);
    const signIn = async (password: string) =>
      (await w.ask("POST", "/v1/sign-in", { body: { identifier: email, password } })).status;
    expect([await signIn(other), await signIn(PASSWORD)]).toEqual([401, 200]);
  });
}
