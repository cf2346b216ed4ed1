import * as Context from "effect/Context";
import * as Deferred from "effect/Deferred";
import * as Effect from "effect/Effect";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Ledger, LedgerBusy, Ledgers } from "../../adapters/ports/ledger.ts";
import { HashPoolBusy, PasswordHash } from "../../adapters/ports/password-hash.ts";
import { NotYet, Parked, ReadModels } from "../../adapters/ports/read-models.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { StoreUnavailable } from "../../adapters/ports/store-unavailable.ts";
import { clientAddress } from "../../api/http/client-address.ts";
import { positionAt } from "../../api/http/positions.ts";
import type { Services } from "../../api/http/services.ts";
import { parseStrictJson } from "../../api/http/strict-json.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import { memoryServices } from "./memory-services.ts";
import { PASSWORD, world } from "./world.ts";

test("the strict parser reads what JSON.parse reads", () => {
  const safe = fc
    .jsonValue()
    .filter((value) => !/__proto__|constructor|prototype/.test(JSON.stringify(value)));
  fc.assert(
    fc.property(safe, fc.nat(4), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      fc.pre(text.isWellFormed() && !/\\ud[89a-f]/i.test(text));
      expect(parseStrictJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test("the strict parser never accepts what JSON.parse refuses", () => {
  const almost = fc.stringMatching(/^[{}[\]":,\\0-9eE+\-.truefalsn ]{0,20}$/);
  fc.assert(
    fc.property(almost, (text) => {
      let accepted = true;
      try {
        parseStrictJson(text);
      } catch {
        accepted = false;
      }
      if (accepted) expect(() => JSON.parse(text)).not.toThrow();
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["the socket's address without a proxy", "192.0.2.1", "203.0.113.9", "192.0.2.1"],
  ["what a trusted proxy saw", "10.0.0.1", "203.0.113.9", "203.0.113.9"],
  ["the nearest that is not a proxy", "10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"],
  ["a mapped socket as what it is", "::ffff:10.0.0.1", "2001:db8::1", "2001:db8::1"],
  ["the proxy, when it says nonsense", "10.0.0.1", "6.6.6.6, nonsense", "10.0.0.1"],
  ["the proxy, when it says nothing", "10.0.0.1", null, "10.0.0.1"],
])("the client is %s", (_, socket, header, expected) => {
  expect(clientAddress(["10.0.0.0/8"])(socket, header)).toBe(expected);
});

test("as_of a time is the last position whose running maximum is not later", async () => {
  // Clocks jump back by up to 4 s from entry to entry: what two processes may do.
  const clocks = fc.array(fc.record({ step: fc.nat(9_000), back: fc.nat(2_000) }), {
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(clocks, fc.integer({ min: -5_000, max: 300_000 }), async (steps, time) => {
      let database = 0;
      const ats = steps.map(({ step, back }) => {
        database += step;
        return database + 2_000 - 2 * back;
      });
      let maximum = Number.NEGATIVE_INFINITY;
      let expected = 0;
      ats.forEach((at, index) => {
        maximum = Math.max(maximum, at);
        if (maximum <= time) expected = index + 1;
      });
      const found = await Effect.runPromise(
        Effect.provideService(positionAt(time), Ledgers, {
          identity: ledgerOf(ats),
          activity: ledgerOf([]),
        }),
      );
      expect(found).toBe(expected);
    }),
  );
});

function ledgerOf(ats: ReadonlyArray<number>): Ledger {
  // Only what a search asks for is in these records.
  const records = ats.map(
    (at, index) => ({ position: index + 1, at: new Date(at).toISOString() }) as LedgerRecord,
  );
  return {
    name: "identity",
    append: () => Effect.never,
    read: ({ from = 1 }) => Effect.succeed(records.slice(from - 1, from + 4)),
    at: (positions) =>
      Effect.succeed(records.filter(({ position }) => positions.includes(position))),
    follow: () => {
      throw new Error("nobody follows here");
    },
    head: Effect.succeed({ position: ats.length, leaf: "", epoch: "" }),
    seen: () => ats.length,
  };
}

/** A world in which one service answers otherwise. */
const worldWith = (change: (services: Context.Context<Services>) => Context.Context<Services>) =>
  world(async () => {
    const { services, close } = await memoryServices();
    return { services: change(services), close };
  });
const body = { email: "ada@example.org", password: PASSWORD };

test.each([
  ["busy", new HashPoolBusy({ retryAfterMs: 1_500 }), "2"],
  ["busy", new LedgerBusy({ retryAfterMs: 10 }), "1"],
  ["unavailable", new StoreUnavailable({ cause: "secret detail" }), "2"],
  ["not_yet", new NotYet({ model: "users", wanted: 2, reached: 1 }), "2"],
  ["parked", new Parked({ model: "users", key: "k", position: 1 }), null],
])("a failing port answers 503 %s", async (code, failure, retryAfter) => {
  const w = await worldWith((services) =>
    Context.add(services, PasswordHash, {
      ...Context.get(services, PasswordHash),
      hash: () => Effect.fail(failure as HashPoolBusy),
      verify: () => Effect.succeed(false),
    }),
  );
  const heard = await w.ask("POST", "/v1/sign-up", { body });
  expect([heard.status, heard.json.code]).toEqual([503, code]);
  expect(heard.headers.get("retry-after")).toBe(retryAfter);
  expect(JSON.stringify(heard.json)).not.toContain("secret detail");
  await w.close();
});

test("a defect answers 500 with the request id alone; the log is not personal", async () => {
  const w = await worldWith((services) =>
    Context.add(services, PasswordHash, {
      ...Context.get(services, PasswordHash),
      hash: (password) => Effect.die(new TypeError(`cannot hash ${password}`)),
      verify: () => Effect.succeed(false),
    }),
  );
  const heard = await w.ask("POST", "/v1/sign-up", { body });
  const requestId = heard.headers.get("request-id");
  expect(heard.json).toEqual({
    title: "Internal Server Error",
    status: 500,
    code: "internal",
    requestId,
  });
  const place = expect.stringMatching(/^api\/kernel\.test\.ts:\d+:\d+$/);
  expect(w.lines).toMatchObject([{ level: "error", requestId, error: "TypeError", place }]);
  expect(JSON.stringify(w.lines)).not.toMatch(/ada@|correct horse/);
  await w.close();
});

test("a sign-in with a password that is replaced meanwhile opens no session", async () => {
  const verified = Deferred.makeUnsafe<void>();
  const replaced = Deferred.makeUnsafe<void>();
  let gated = false;
  const w = await worldWith((services) => {
    const passwords = Context.get(services, PasswordHash);
    const verify: typeof passwords.verify = (phc, password) =>
      Effect.gen(function* () {
        const fits = yield* passwords.verify(phc, password);
        if (!gated) return fits;
        gated = false;
        yield* Deferred.succeed(verified, undefined);
        yield* Deferred.await(replaced);
        return fits;
      });
    return Context.add(services, PasswordHash, { ...passwords, verify });
  });
  const { cookie, email } = await w.person();
  gated = true;
  const signIn = w.ask("POST", "/v1/sign-in", { body: { identifier: email, password: PASSWORD } });
  await Effect.runPromise(Deferred.await(verified));
  const change = { current: PASSWORD, password: "an entirely new one" };
  const kept = await w.ask("PUT", "/v1/me/password", { cookie, body: change });
  expect(kept.status).toBe(204);
  await Effect.runPromise(Deferred.succeed(replaced, undefined));
  const heard = await signIn;
  expect([heard.status, heard.json.code]).toEqual([401, "invalid_credentials"]);
  const { items } = (await w.ask("GET", "/v1/me/sessions", { cookie: kept.cookie })).json;
  expect(items).toMatchObject([{ current: true }]);
  await w.close();
});

test("a session that has expired is not one where one is signed in", async () => {
  const w = await worldWith((services) => services);
  const { email } = await w.person();
  w.forward(31 * 24 * 60 * 60 * 1000);
  const body = { identifier: email, password: PASSWORD };
  const { cookie } = await w.ask("POST", "/v1/sign-in", { body });
  const { items } = (await w.ask("GET", "/v1/me/sessions", { cookie })).json;
  expect(items).toMatchObject([{ current: true, method: "password" }]);
  await w.close();
});

test("GET /v1/session asks the store nothing beyond the one look-up", async () => {
  let asked = 0;
  const w = await worldWith((services) => {
    const models = Context.get(services, ReadModels);
    const sealer = Context.get(services, Sealer);
    return services.pipe(
      Context.add(ReadModels, {
        ...models,
        get: (model, key) => {
          asked++;
          return models.get(model, key);
        },
      }),
      Context.add(Sealer, {
        ...sealer,
        open: (values, known = []) => {
          if (known.length === 0 && values.length > 0) asked++;
          return sealer.open(values, known);
        },
      }),
    );
  });
  const { cookie } = await w.person();
  asked = 0;
  expect((await w.ask("GET", "/v1/session", { cookie })).status).toBe(200);
  expect(asked).toBe(0);
  await w.close();
});
