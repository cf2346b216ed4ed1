import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import * as Layer from "effect/Layer";
import * as Scope from "effect/Scope";
import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  type JWKSCacheInput,
  jwksCache,
  jwtVerify,
} from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { layer as tokenModels } from "../../../adapters/fold/token-models.ts";
import { Ledgers, LedgerUnavailable } from "../../../adapters/ports/ledger.ts";
import { commandKeyring } from "../../../adapters/reactions/command-keyring.ts";
import type { KeyringCommand } from "../../../domain/keyring/mod.ts";
import { type App, type OpenidWorld, openidWorld } from "../openid-world.ts";
import type { MakeServices } from "../world.ts";
import { activityOf, post, tokensOf } from "./flow.ts";

const ROTATIONS = 10;
const DAY_MS = 24 * 60 * 60 * 1000;
/** What the JWK Set lets its readers keep it for. */
const CACHE_MS = 10 * 60 * 1000;
/** Machines and applications that ask at once, and how often each does in a round. */
const WORKERS = 3;
const ASKS = 2;

type Issued = { readonly token: string; readonly kid: string };
type Asked<Command> = Command extends unknown ? Omit<Command, "moment" | "fresh" | "seen"> : never;

export function rotationTests(makeServices: MakeServices) {
  let w: OpenidWorld;
  beforeAll(async () => {
    w = await openidWorld(makeServices);
  });
  afterAll(() => w.close());

  const command = (asked: Asked<KeyringCommand>) =>
    w.run(
      Effect.suspend(() => {
        const correlation = crypto.randomUUID();
        const meta = { actor: "operator:test", correlation } as const;
        return commandKeyring(asked as never, { requestId: correlation, meta });
      }),
    );

  test("ten rotations and a compromise under load fail no token but the lost key's", async () => {
    const reader = readerOf(w);
    const load = await loadOf(w);
    const all: Array<Issued> = [];
    const signedBy = new Set<string>();
    for (let round = 0; round < ROTATIONS; round++) {
      w.forward(DAY_MS);
      reader.forward(DAY_MS);
      // Fetched before the rotation, and kept through it.
      const before = await load(reader.verify);
      const fetched = reader.fetches();
      const [during, { outcome }] = await Promise.all([
        load(reader.verify),
        command({ type: "RotateKeys", cause: "ready" }),
      ]);
      expect(outcome).toMatchObject({ rotated: expect.arrayContaining(["ES256", "RS256"]) });
      const after = await load(reader.verify);
      expect(reader.fetches()).toBe(fetched);
      const [kids, next] = [kidsOf(before), kidsOf(after)];
      expect(next.filter((kid) => kids.includes(kid))).toEqual([]);
      for (const kid of [...kids, ...next]) signedBy.add(kid);
      all.push(...before, ...during, ...after);
    }
    // Each rotation has a key of each algorithm sign that none before it had.
    expect(signedBy.size).toBe(2 * (ROTATIONS + 1));

    // By the next day the standby is known; its turn comes before its time.
    w.forward(DAY_MS);
    reader.forward(DAY_MS);
    const [lost = ""] = kidsOf(await load(reader.verify));
    const compromised = () => command({ type: "MarkCompromised", kid: lost });
    const [during] = await Promise.all([load(reader.verify), compromised()]);
    const after = await load(reader.verify);
    expect(kidsOf(after)).not.toContain(lost);
    all.push(...during, ...after);
    reader.forward(CACHE_MS);
    const failed = await failuresOf(all, reader.verify);
    expect(failed.map(({ kid }) => kid)).toEqual(
      all.filter(({ kid }) => kid === lost).map(({ kid }) => kid),
    );
    expect(failed).not.toEqual([]);
  });

  test("which tokens a key signed is on record", async () => {
    const events = await activityOf(w, "TokenIssued");
    const jwks = (await (await fetch(`${w.url}/oauth2/jwks`)).json()) as {
      keys: { kid: string }[];
    };
    const known = new Set(jwks.keys.map(({ kid }) => kid));
    const signed = events.find(({ data }) => data["idTokenKid"] !== undefined);
    expect(known).toContain(signed?.data["idTokenKid"]);
  });

  test("who cannot confirm the keys within the bound signs nothing, until it can", async () => {
    const head = { broken: false };
    const weak = await openidWorld(() => breakable(makeServices, head));
    const [app, resource] = [await weak.machine(), await weak.orders()];
    const form = { app, grant_type: "client_credentials", resource };
    const token = () => post(weak, "/oauth2/token", form);
    expect((await token()).status).toBe(200);
    const issued = (await activityOf(weak, "TokenIssued")).length;
    head.broken = true;
    // Far past the bound, by a clock that only this server has.
    weak.forward(CACHE_MS);
    const refused = await Promise.all([token(), token(), token()]);
    for (const { status, json, headers } of refused) {
      expect([status, json]).toEqual([503, { error: "temporarily_unavailable" }]);
      expect(headers.get("retry-after")).toBe("2");
    }
    expect((await fetch(`${weak.url}/oauth2/jwks`)).status).toBe(503);
    head.broken = false;
    expect((await token()).status).toBe(200);
    expect(await activityOf(weak, "TokenIssued")).toHaveLength(issued + 1);
    await weak.close();
  });
}

/** Who verifies tokens with a JWK Set that it keeps for ten minutes, on a clock of its own. */
function readerOf({ url }: OpenidWorld) {
  let fetches = 0;
  let kept: JWKSCacheInput = {};
  let keyOf = remote();
  function remote() {
    return createRemoteJWKSet(new URL(`${url}/oauth2/jwks`), {
      cacheMaxAge: CACHE_MS,
      [jwksCache]: kept,
    });
  }
  return {
    verify: async (token: string) => {
      const before = kept.uat;
      await jwtVerify(token, keyOf, { issuer: url });
      if (kept.uat !== before) fetches++;
    },
    fetches: () => fetches,
    forward: (ms: number) => {
      const { jwks, uat } = kept;
      kept = jwks === undefined || uat === undefined ? {} : { jwks, uat: uat - ms };
      keyOf = remote();
    },
  };
}

type Verify = (token: string) => Promise<void>;

/** Machines and an application that ask at once; each token is verified as soon as it is there. */
async function loadOf(w: OpenidWorld) {
  const [machine, resource, ada] = [await w.machine(), await w.orders(), await w.person("ada")];
  const web = await w.web();
  const { tokens } = await tokensOf(w, web, {
    person: ada,
    scope: "openid offline_access",
    prompt: "consent",
  });
  const refresh_token = String(tokens.refresh_token);
  const asking = async (app: App, form: Readonly<Record<string, string>>, member: string) => {
    const { status, json } = await post(w, "/oauth2/token", { app, ...form });
    expect(status, JSON.stringify(json)).toBe(200);
    return String(json[member]);
  };
  return async (verify: Verify): Promise<ReadonlyArray<Issued>> => {
    const issued: Array<Issued> = [];
    const worker = async () => {
      for (let n = 0; n < ASKS; n++) {
        const credentials = { grant_type: "client_credentials", resource };
        const refresh = { grant_type: "refresh_token", refresh_token };
        for (const token of [
          await asking(machine, credentials, "access_token"),
          await asking(web, refresh, "id_token"),
        ]) {
          await verify(token);
          issued.push({ token, kid: decodeProtectedHeader(token).kid ?? "" });
        }
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, worker));
    return issued;
  };
}

function kidsOf(issued: ReadonlyArray<Issued>): ReadonlyArray<string> {
  return [...new Set(issued.map(({ kid }) => kid))];
}

async function failuresOf(issued: ReadonlyArray<Issued>, verify: Verify) {
  const failed: Array<Issued> = [];
  for (const one of issued) await verify(one.token).catch(() => failed.push(one));
  return failed;
}

/** Services whose signing keys, clients and APIs confirm by a head that can be made unreachable. */
async function breakable(makeServices: MakeServices, state: { readonly broken: boolean }) {
  const { services, close } = await makeServices();
  const ledgers = Context.get(services, Ledgers);
  const head = Effect.suspend(() =>
    state.broken ? Effect.fail(new LedgerUnavailable({ cause: "broken" })) : ledgers.identity.head,
  );
  const broken = { ...ledgers, identity: { ...ledgers.identity, head } };
  const scope = Scope.makeUnsafe();
  const models = await Effect.runPromise(
    Effect.provideContext(
      Layer.buildWithScope(Layer.fresh(tokenModels), scope),
      Context.add(services, Ledgers, broken),
    ),
  );
  return {
    services: Context.merge(services, models),
    close: async () => {
      await Effect.runPromise(Scope.close(scope, Exit.void));
      await close();
    },
  };
}
