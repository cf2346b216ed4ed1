import * as Effect from "effect/Effect";
import { calculateJwkThumbprint, importJWK, type JWK } from "jose";
import { beforeAll, expect, test } from "vitest";
import { KeyPairs } from "../../../adapters/ports/key-pairs.ts";
import { Vault } from "../../../adapters/ports/vault.ts";
import { commandKeyring } from "../../../adapters/reactions/command-keyring.ts";
import { rotateDueKeys } from "../../../adapters/reactions/rotate-keys.ts";
import { SIGNING_ALGORITHMS } from "../../../domain/keyring/mod.ts";
import { browserOf } from "../pages-world.ts";
import type { Stage } from "../suite.ts";
import type { World } from "../world.ts";

type Somebody = { readonly id: string; readonly cookie: string };
type Key = { readonly kid: string; readonly algorithm: string; readonly status: string };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export function keyTests({ here, fresh }: Stage): void {
  let architect: Somebody;
  beforeAll(async () => {
    architect = await here().architect();
    await here().run(rotateDueKeys);
  });

  test("to look makes no keys; the first come with a rotation or an application", async () => {
    const w = await fresh();
    const { cookie } = await w.architect();
    const heads = await w.heads();
    const before = await w.send("GET", "/oauth2/jwks");
    expect([await before.json(), before.headers.get("cache-control")]).toEqual([
      { keys: [] },
      "no-store",
    ]);
    expect(await keysOf(w, cookie)).toEqual([]);
    expect(await w.heads()).toEqual(heads);
    const body = { name: "Page", type: "spa", redirectUris: ["https://page.example.com/"] };
    expect((await w.ask("POST", "/v1/clients", { cookie, body })).status).toBe(201);
    const { keys } = await jwksOf(w);
    expect(keys.map(({ alg }) => alg).toSorted()).toEqual(
      SIGNING_ALGORITHMS.flatMap((algorithm) => [algorithm, algorithm]).toSorted(),
    );
    expect((await jwksOf(w)).keys).toEqual(keys);
  });

  test("the JWKS holds public halves alone, under their thumbprints, for ten minutes", async () => {
    const response = await here().send("GET", "/oauth2/jwks");
    expect(response.headers.get("content-type")).toBe("application/jwk-set+json");
    expect(response.headers.get("cache-control")).toBe("public, max-age=600");
    const { keys } = (await response.json()) as { readonly keys: ReadonlyArray<JWK> };
    for (const key of keys) {
      expect(key.kid).toBe(await calculateJwkThumbprint(key));
      expect(key.use).toBe("sig");
      for (const secret of ["d", "p", "q", "dp", "dq", "qi", "k"])
        expect(key).not.toHaveProperty(secret);
      expect(await importJWK(key)).toMatchObject({ type: "public" });
    }
  });

  test("their keepers see age, state and what comes next, and nothing secret", async () => {
    const { json, status } = await here().ask("GET", "/v1/keys", architect);
    expect(status).toBe(200);
    for (const algorithm of SIGNING_ALGORITHMS) {
      const of = json.items.filter((key: Key) => key.algorithm === algorithm);
      expect(of).toMatchObject([
        { status: "active", overdue: false, nextChange: { to: "retired" } },
        { status: "published", overdue: false, nextChange: { to: "active" } },
      ]);
      expect(of[0].ageSeconds).toBeLessThan(60);
    }
    expect(JSON.stringify(json)).not.toMatch(/signing-key:|digest|"d"/);
  });

  test("architects and auditors read them, architects alone change them", async () => {
    const w = here();
    const auditor = await w.withRole("auditor", architect);
    const admin = await w.withRole("admin", architect);
    const { kid } = await activeOf(w, architect, "ES256");
    const asked = async (who: Partial<Somebody>) => [
      (await w.ask("GET", "/v1/keys", who)).status,
      (await w.ask("POST", "/v1/keys/rotate", { ...who, body: {} })).status,
      (await w.ask("POST", `/v1/keys/${kid}/compromised`, who)).status,
    ];
    expect(await asked({})).toEqual([401, 401, 401]);
    expect(await asked(admin)).toEqual([403, 403, 403]);
    expect(await asked(auditor)).toEqual([200, 403, 403]);
  });

  test("a rotation waits until the standbys are known for a day, unless it is forced", async () => {
    const w = await fresh();
    const { cookie } = await w.architect();
    expect(await rotate(w, cookie)).toMatchObject({ rotated: true, pruned: [] });
    const before = await keysOf(w, cookie);
    const standbys = ofStatus(before, "published");
    expect(await rotate(w, cookie)).toMatchObject({ rotated: false, pruned: [] });
    const heard = await w.ask("POST", "/v1/keys/rotate", { cookie, body: { force: 1 } });
    expect([heard.status, heard.json.field]).toEqual([400, "force"]);
    const { rotated, latest } = await rotate(w, cookie, { force: true });
    expect(rotated).toBe(true);
    expect(Object.values(latest).toSorted()).toEqual(standbys);
    const after = await keysOf(w, cookie);
    expect(ofStatus(after, "active")).toEqual(standbys);
    expect(ofStatus(after, "retired")).toEqual(ofStatus(before, "active"));
    const ready = async () => (await w.run(readyRotation)).outcome;
    expect(await ready()).toMatchObject({ rotated: [] });
    w.forward(DAY_MS);
    expect(await ready()).toMatchObject({ rotated: SIGNING_ALGORITHMS });
  });

  test("what is due is rotated by itself, once however many find it so", async () => {
    const w = await fresh();
    const made: Array<string> = [];
    await w.run(rotateDueKeys);
    const heads = await w.heads();
    await w.run(rotateDueKeys);
    expect(await w.heads()).toEqual(heads);
    w.forward(30 * DAY_MS);
    const counted = Effect.updateService(rotateDueKeys, KeyPairs, ({ generate }) => ({
      generate: (algorithm) =>
        Effect.tap(generate(algorithm), ({ kid }) => Effect.sync(() => made.push(kid))),
    }));
    await Promise.all(Array.from({ length: 5 }, () => w.run(counted)));
    const { keys } = await jwksOf(w);
    expect(keys).toHaveLength(9);
    expect(keys.filter(({ kid }) => made.includes(String(kid)))).toHaveLength(3);
    w.forward(60 * DAY_MS);
    await w.run(rotateDueKeys);
    expect((await jwksOf(w)).keys).toHaveLength(9);
  });

  test("a private half is in the vault while its key may sign, and no longer", async () => {
    const w = await fresh();
    const { cookie } = await w.architect();
    await rotate(w, cookie);
    const [first, standby] = await Promise.all([
      activeOf(w, { cookie }, "EdDSA"),
      keysOf(w, cookie).then((keys) => keys.find(isStandby)),
    ]);
    expect(await isKept(w, first.kid)).toBe(true);
    expect(await isKept(w, standby?.kid)).toBe(true);
    await rotate(w, cookie, { force: true });
    expect(await isKept(w, first.kid)).toBe(false);
    expect(await isKept(w, standby?.kid)).toBe(true);
  });

  test("a compromised key leaves the JWKS at once, and its standby signs", async () => {
    const w = await fresh();
    const { cookie } = await w.architect();
    await rotate(w, cookie);
    const before = await keysOf(w, cookie);
    const lost = await activeOf(w, { cookie }, "ES256");
    const next = before.find((key) => key.algorithm === "ES256" && key.status === "published");
    const path = `/v1/keys/${lost.kid}/compromised`;
    const { status, json } = await w.ask("POST", path, { cookie });
    expect([status, json.key.status, json.latest.ES256]).toEqual([200, "compromised", next?.kid]);
    const published = (await jwksOf(w)).keys.map(({ kid }) => kid);
    expect(published).not.toContain(lost.kid);
    expect(published).toHaveLength(6);
    expect(await isKept(w, lost.kid)).toBe(false);
    const heads = await w.heads();
    expect((await w.ask("POST", path, { cookie })).status).toBe(200);
    expect(await w.heads()).toEqual(heads);
    for (const kid of ["A".repeat(43), "nonsense", "..%2f..%2fetc"]) {
      const heard = await w.ask("POST", `/v1/keys/${kid}/compromised`, { cookie });
      expect([heard.status, heard.json.code]).toEqual([404, "not_found"]);
    }
  });

  test("the page shows them to their keepers, and its buttons do what the API does", async () => {
    const w = await fresh();
    const { look, send } = browserOf(() => w);
    const owner = await w.architect();
    const auditor = await w.withRole("auditor", owner);
    const { cookie } = owner;
    const first = await send("/admin/keys", { form: "rotate" }, { cookie });
    expect(first.to).toBe("/admin/keys?done=keysRotated");
    const button = /value="(rotate|compromised)"/;
    expect((await look("/admin/keys", owner)).text).toMatch(button);
    expect((await look("/admin/keys", auditor)).text).not.toMatch(button);
    const { kid } = await activeOf(w, owner, "RS256");
    expect((await look("/admin/keys", owner)).text).toContain(`<code>${kid}</code>`);
    const early = await send("/admin/keys", { form: "rotate" }, { cookie });
    expect(early.to).toBe("/admin/keys?done=keysNotRotated");
    const lost = await send("/admin/keys", { form: "compromised", kid }, { cookie });
    expect(lost.to).toBe("/admin/keys?done=keyCompromised");
    expect((await activeOf(w, owner, "RS256")).kid).not.toBe(kid);
    const refused = await send("/admin/keys", { form: "rotate" }, { cookie: auditor.cookie });
    expect(refused.status).toBe(403);
  });

  const isStandby = (key: Key) => key.algorithm === "EdDSA" && key.status === "published";
}

async function jwksOf(w: World): Promise<{ readonly keys: ReadonlyArray<JWK> }> {
  const response = await w.send("GET", "/oauth2/jwks");
  expect(response.status).toBe(200);
  return (await response.json()) as { readonly keys: ReadonlyArray<JWK> };
}

async function keysOf(w: World, cookie: string): Promise<ReadonlyArray<Key>> {
  return (await w.ask("GET", "/v1/keys", { cookie })).json.items;
}

async function activeOf(w: World, { cookie }: Pick<Somebody, "cookie">, algorithm: string) {
  const keys = await keysOf(w, cookie);
  const key = keys.find((one) => one.algorithm === algorithm && one.status === "active");
  if (key === undefined) throw new Error(`no active key of ${algorithm}`);
  return key;
}

function ofStatus(keys: ReadonlyArray<Key>, status: string): ReadonlyArray<string> {
  return keys
    .filter((key) => key.status === status)
    .map(({ kid }) => kid)
    .toSorted();
}

async function rotate(w: World, cookie: string, body: object = {}) {
  const heard = await w.ask("POST", "/v1/keys/rotate", { cookie, body });
  expect(heard.status, JSON.stringify(heard.json)).toBe(200);
  return heard.json;
}

const isKept = (w: World, kid: string | undefined) =>
  w.run(
    Effect.gen(function* () {
      return (yield* (yield* Vault).get(`signing-key:${kid}`)) !== undefined;
    }),
  );

/** What `POST /v1/keys/rotate` does, when nobody's session has to be a day old. */
const readyRotation = Effect.suspend(() => {
  const correlation = crypto.randomUUID();
  const meta = { actor: "operator:test", correlation } as const;
  return commandKeyring({ type: "RotateKeys", cause: "ready" }, { requestId: correlation, meta });
});
