import { randomUUID } from "node:crypto";
import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Artefacts } from "../../adapters/ports/artefacts.ts";
import { frozenClock } from "../support/movable-clock.ts";

const MINUTE_MS = 60_000;
const SECRET = "canary-of-a-payload";

/** Every store of artefacts runs this suite; `dump` is all that the store keeps. */
export function artefactsContract<R, E>(
  name: string,
  make: () => Layer.Layer<Artefacts | R, E>,
  dump?: Effect.Effect<string, unknown, R>,
): void {
  describe(`Artefacts contract: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<Artefacts | R, E>;
    const { clock, forward } = frozenClock();
    beforeAll(async () => {
      runtime = ManagedRuntime.make(make());
      await runtime.runPromise(Effect.void);
    });
    afterAll(() => runtime.dispose());
    const use = <A, F>(ask: (artefacts: Artefacts["Service"]) => Effect.Effect<A, F>) =>
      runtime.runPromise(
        Effect.provideService(Effect.flatMap(Effect.service(Artefacts), ask), Clock.Clock, clock),
      );
    const now = () => clock.currentTimeMillisUnsafe();
    const keeping = (payload = {}) => ({ payload, expiresAtMs: now() + MINUTE_MS });
    const grant = async () => {
      const id = randomUUID();
      await use((artefacts) => artefacts.put("Grant", id, keeping({ clientId: "c" })));
      return id;
    };

    test("what is kept is found by its kind and id, until its end", async () => {
      const id = randomUUID();
      const payload = { scope: "openid", more: { nested: [1, "two", null] } };
      expect(await use((a) => a.put("AccessToken", id, keeping(payload)))).toBe(true);
      expect(await use((a) => a.find("AccessToken", id))).toEqual({
        payload,
        expiresAtMs: now() + MINUTE_MS,
      });
      expect(await use((a) => a.find("RefreshToken", id))).toBeUndefined();
      expect(await use((a) => a.find("AccessToken", `${id}x`))).toBeUndefined();
      forward(MINUTE_MS);
      expect(await use((a) => a.find("AccessToken", id))).toBeUndefined();
    });

    test("of all who exchange what they found exactly one does, also for nothing", async () => {
      const id = randomUUID();
      const exchanged = async () => {
        const before = await use((a) => a.find("Session", id));
        const tries = [1, 2, 3, 4].map((by) =>
          use((a) => a.exchange("Session", id, before, keeping({ by }))),
        );
        const won = (await Promise.all(tries)).flatMap((isOne, at) => (isOne ? [at + 1] : []));
        expect(won).toHaveLength(1);
        const after = await use((a) => a.find("Session", id));
        expect(after?.payload).toEqual({ by: won[0] });
        return before;
      };
      await exchanged();
      const stale = await exchanged();
      expect(await use((a) => a.exchange("Session", id, stale, keeping({ by: 0 })))).toBe(false);
      expect(await use((a) => a.exchange("Session", id, undefined, keeping({ by: 0 })))).toBe(
        false,
      );
      forward(MINUTE_MS);
      expect(await use((a) => a.exchange("Session", id, undefined, keeping({ by: 5 })))).toBe(true);
      expect((await use((a) => a.find("Session", id)))?.payload).toEqual({ by: 5 });
    });

    test("what is kept again takes the place of what was, and stays consumed", async () => {
      const id = randomUUID();
      await use((a) => a.put("DeviceCode", id, keeping({ a: 1 })));
      expect(await use((a) => a.consume("DeviceCode", id))).toBe(true);
      await use((a) => a.put("DeviceCode", id, keeping({ a: 2 })));
      const found = await use((a) => a.find("DeviceCode", id));
      expect(found).toMatchObject({ payload: { a: 2 }, consumedAtMs: now() });
    });

    test("of many who consume it at once exactly one is answered true", async () => {
      const id = randomUUID();
      await use((a) => a.put("AuthorizationCode", id, keeping()));
      const all = Array.from({ length: 12 }, () => use((a) => a.consume("AuthorizationCode", id)));
      expect((await Promise.all(all)).filter(Boolean)).toHaveLength(1);
      expect(await use((a) => a.consume("AuthorizationCode", randomUUID()))).toBe(false);
    });

    test("what people type finds what it stands for", async () => {
      const [id, userCode] = [randomUUID(), `CODE-${randomUUID()}`];
      await use((a) => a.put("DeviceCode", id, { ...keeping({ x: 1 }), userCode }));
      expect((await use((a) => a.findByUserCode(userCode)))?.payload).toEqual({ x: 1 });
      expect(await use((a) => a.findByUserCode(id))).toBeUndefined();
      await use((a) => a.remove("DeviceCode", id));
      expect(await use((a) => a.findByUserCode(userCode))).toBeUndefined();
    });

    test("a revoked grant takes all that was given under it, then and later", async () => {
      const [mine, other] = [await grant(), await grant()];
      const [access, refresh, kept] = [randomUUID(), randomUUID(), randomUUID()];
      await use((a) => a.put("AccessToken", access, { ...keeping(), grant: mine }));
      await use((a) => a.put("RefreshToken", refresh, { ...keeping(), grant: mine }));
      await use((a) => a.put("AccessToken", kept, { ...keeping(), grant: other }));
      await use((a) => a.revokeGrant(mine));
      expect(await use((a) => a.find("AccessToken", access))).toBeUndefined();
      expect(await use((a) => a.find("RefreshToken", refresh))).toBeUndefined();
      expect(await use((a) => a.find("Grant", mine))).toBeUndefined();
      expect(await use((a) => a.find("AccessToken", kept))).toBeDefined();
      const late = { ...keeping(), grant: mine };
      expect(await use((a) => a.put("AccessToken", access, late))).toBe(false);
      expect(await use((a) => a.find("AccessToken", access))).toBeUndefined();
      expect(await use((a) => a.put("AccessToken", access, { ...late, grant: "none" }))).toBe(
        false,
      );
    });

    test("however puts and a revocation cross, nothing is left of the grant", async () => {
      for (let round = 0; round < 20; round++) {
        const id = await grant();
        const tokens = Array.from({ length: 6 }, () => randomUUID());
        const put = (token: string) =>
          use((a) => a.put("AccessToken", token, { ...keeping(), grant: id }));
        await Promise.all([
          ...tokens.slice(0, 3).map(put),
          use((a) => a.revokeGrant(id)),
          ...tokens.slice(3).map(put),
        ]);
        for (const token of tokens) {
          expect(await use((a) => a.find("AccessToken", token))).toBeUndefined();
        }
      }
    });

    test("an id counts once in its scope until it expires", async () => {
      const id = randomUUID();
      const first = (scope: string) => use((a) => a.first(scope, id, now() + MINUTE_MS));
      const seen = await Promise.all(Array.from({ length: 8 }, () => first("proof")));
      expect(seen.filter(Boolean)).toHaveLength(1);
      expect(await first("assertion")).toBe(true);
      forward(MINUTE_MS);
      expect(await first("proof")).toBe(true);
      expect(await first("proof")).toBe(false);
    });

    test("a sweep forgets what has expired and nothing else", async () => {
      await use((a) => a.sweep);
      const [late, good] = [randomUUID(), randomUUID()];
      await use((a) => a.put("AccessToken", late, keeping()));
      await use((a) => a.first("proof", late, now() + MINUTE_MS));
      forward(MINUTE_MS);
      await use((a) => a.put("AccessToken", good, keeping()));
      expect(await use((a) => a.sweep)).toBeGreaterThanOrEqual(2);
      expect(await use((a) => a.sweep)).toBe(0);
      expect(await use((a) => a.find("AccessToken", good))).toBeDefined();
    });

    if (dump === undefined) return;
    test("what is stored has neither ids nor payloads in the clear", async () => {
      const [id, userCode] = [randomUUID(), `CODE-${randomUUID()}`];
      const values = { ...keeping({ secret: SECRET }), userCode, grant: await grant() };
      expect(await use((a) => a.put("DeviceCode", id, values))).toBe(true);
      const rows = await runtime.runPromise(dump);
      expect(rows).toContain("DeviceCode");
      for (const clear of [id, userCode, values.grant, SECRET]) expect(rows).not.toContain(clear);
      expect(rows).not.toContain(Buffer.from(SECRET).toString("hex"));
    });
  });
}
