import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { Vault } from "../../../adapters/ports/vault.ts";
import {
  endExpiredSessions,
  endImpersonations,
} from "../../../adapters/reactions/sweep-sessions.ts";
import { until } from "../../support/until.ts";
import type { Stage } from "../suite.ts";
import { PASSWORD, type World } from "../world.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What is over by itself or by one fact for many is written down for each session. */
export function sessionEndTests({ fresh }: Stage): void {
  const session = async (cookie: string | undefined, w: World) =>
    (await w.ask("GET", "/v1/session", { cookie })).status;
  const signIn = async (email: string, w: World) => {
    const body = { identifier: email, password: PASSWORD };
    return String((await w.ask("POST", "/v1/sign-in", { body })).cookie);
  };
  /** Streams and reasons, from the ledger itself: whoever could ask for them has expired too. */
  const ends = (w: World) =>
    w.run(
      Effect.gen(function* () {
        const records = yield* (yield* Ledgers).activity.read({ from: 1 });
        return records
          .filter(({ type }) => type === "SessionEnded")
          .map(({ stream, data }) => [stream, data["reason"]]);
      }),
    );
  const idOf = async (w: World, cookie: string) =>
    (await w.ask("GET", "/v1/session", { cookie })).json.session.id;
  const isKept = (w: World, id: string) =>
    w.run(Effect.flatMap(Effect.service(Vault), (vault) => vault.get(id)));

  test("an expired session is marked as ended, once, and its secret goes", async () => {
    const w = await fresh();
    const [idle, used] = [await w.person("idle"), await w.person("used")];
    const [idleId, usedId] = [await idOf(w, idle.cookie), await idOf(w, used.cookie)];
    expect(await w.run(endExpiredSessions(100))).toBe(0);
    w.forward(20 * DAY_MS);
    expect(await session(used.cookie, w)).toBe(200);
    w.forward(10 * DAY_MS + MINUTE_MS);
    expect(await w.run(endExpiredSessions(100))).toBe(1);
    expect(await w.run(endExpiredSessions(100))).toBe(0);
    expect([await isKept(w, idleId), (await isKept(w, usedId))?.id]).toEqual([undefined, usedId]);
    expect(await session(used.cookie, w)).toBe(200);
    w.forward(70 * DAY_MS);
    expect(await w.run(endExpiredSessions(110))).toBe(1);
    expect(await ends(w)).toEqual([
      [`session-${idleId}`, "expired"],
      [`session-${usedId}`, "expired"],
    ]);
  });

  test("what was revoked together is marked as ended one by one, but for who asked", async () => {
    const w = await fresh();
    const [ada, bob] = [await w.person("ada"), await w.person("bob")];
    const other = await signIn(ada.email, w);
    const otherId = await idOf(w, other);
    const asked = await w.ask("DELETE", "/v1/me/sessions", { cookie: ada.cookie });
    expect(asked.status).toBe(204);
    await until(async () => (await ends(w)).length > 0);
    expect(await ends(w)).toEqual([[`session-${otherId}`, "revoked"]]);
    expect(await isKept(w, otherId)).toBeUndefined();
    for (const { cookie } of [asked, bob]) expect(await session(cookie, w)).toBe(200);
  });

  test("an impersonation that nobody may go on with is marked as ended, and why", async () => {
    const w = await fresh();
    const architect = await w.architect();
    const person = await w.person("customer");
    const begin = async () => {
      const admin = await w.withRole("admin", architect);
      const path = `/v1/users/${person.id}/impersonate`;
      const begun = await w.ask("POST", path, { cookie: admin.cookie });
      return { admin, id: await idOf(w, String(begun.cookie)) };
    };
    const [left, demoted, late] = [await begin(), await begin(), await begin()];
    expect(await w.run(endImpersonations)).toBe(0);
    await w.ask("POST", "/v1/sign-out", { cookie: left.admin.cookie });
    const role = `/v1/users/${demoted.admin.id}/roles/admin`;
    await w.ask("DELETE", role, { cookie: architect.cookie });
    expect(await w.run(endImpersonations)).toBe(2);
    w.forward(61 * MINUTE_MS);
    expect(await w.run(endImpersonations)).toBe(1);
    const reasons = new Map((await ends(w)).map(([stream, reason]) => [stream, reason]));
    const reasonOf = (id: string) => reasons.get(`session-${id}`);
    expect(reasonOf(left.id)).toBe("impersonation-ended");
    expect(reasonOf(demoted.id)).toBe("role-lost");
    expect(reasonOf(late.id)).toBe("expired");
  });
}
