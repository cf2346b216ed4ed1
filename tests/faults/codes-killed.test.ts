import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { awayOf, Browser } from "../api/openid/browser.ts";
import { temporaryFolder } from "../ops/temporary-folder.ts";
import { architectOf } from "../support/faults-architect.ts";
import { ask, elsewhere } from "../support/faults-client.ts";
import { anyPostgres, onAnyPostgres } from "../support/faults-postgres.ts";
import { ROUNDS, ROUNDS_TIMEOUT_MS, say } from "../support/faults-rounds.ts";
import { type Place, RUNTIME, startServer, verify } from "../support/faults-server.ts";

/** Each kill starts a server twice, so there are fewer of them. */
const KILLS = Math.ceil(ROUNDS / 2);
/** Codes that are redeemed while the server is killed, in each round. */
const CODES = 12;
const CALLBACK = "https://app.example.org/callback";

type Code = { readonly code: string; readonly verifier: string };
type Redeemed = { readonly status: number; readonly token: string | undefined };
type Client = { readonly clientId: string; readonly clientSecret: string };

/** The configured address: the port of a server differs from start to start. */
const urlOf = (base: string) => base.replace("127.0.0.1", "localhost");

const codeFor = async (base: string, client: Client, cookie: string): Promise<Code> => {
  const verifier = randomBytes(32).toString("base64url");
  const url = new URL("/oauth2/authorize", urlOf(base));
  url.search = new URLSearchParams({
    client_id: client.clientId,
    response_type: "code",
    scope: "openid",
    redirect_uri: CALLBACK,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }).toString();
  const back = awayOf(await new Browser(urlOf(base), cookie).open(url));
  return { code: back.searchParams.get("code") ?? "", verifier };
};

const post = async (base: string, path: string, client: Client, body: Record<string, string>) => {
  const response = await fetch(`${base}${path}`, {
    method: "POST",
    headers: {
      ...elsewhere(),
      authorization: `Basic ${btoa(`${client.clientId}:${client.clientSecret}`)}`,
    },
    body: new URLSearchParams(body),
  });
  return { status: response.status, json: await response.json() };
};

const redeem = async (base: string, client: Client, code: Code): Promise<Redeemed> => {
  const { status, json } = await post(base, "/oauth2/token", client, {
    grant_type: "authorization_code",
    code: code.code,
    code_verifier: code.verifier,
    redirect_uri: CALLBACK,
  });
  return { status, token: json.access_token };
};

const isActive = async (base: string, client: Client, token: string): Promise<boolean> => {
  const { json } = await post(base, "/oauth2/introspect", client, { token });
  return json.active;
};

/** Kills between code and token, again and again. */
const killed = async (place: Place) => {
  let server = await startServer(place);
  const architect = await architectOf(server.base);
  const registered = await ask(server.base, "POST /v1/clients", {
    cookie: architect.cookie,
    body: { name: "Shop", type: "web", redirectUris: [CALLBACK], skipConsent: true },
  });
  const client = registered.body as unknown as Client;
  const counts = { answered: 0, lost: 0, late: 0 };
  for (let round = 0; round < KILLS; round++) {
    const { base } = server;
    const codes = await Promise.all(
      Array.from({ length: CODES }, () => codeFor(base, client, architect.cookie)),
    );
    const first = codes.map((code) => redeem(base, client, code).catch(() => undefined));
    // Some are answered, some are lost on their way, some never arrived.
    await Promise.any(first.slice(round % CODES));
    server.kill("SIGKILL");
    await server.ended;
    const answers = await Promise.all(first);
    server = await startServer(place);
    for (const [at, code] of codes.entries()) {
      const before = answers[at];
      const after = await redeem(server.base, client, code);
      if (before?.status === 200) {
        // It was redeemed: once more is a replay, which takes back what it gave.
        counts.answered++;
        expect(after.status).toBe(400);
        expect(await isActive(server.base, client, before.token ?? "")).toBe(false);
      } else if (after.status === 200) {
        counts.late++;
        expect(await isActive(server.base, client, after.token ?? "")).toBe(true);
        expect((await redeem(server.base, client, code)).status).toBe(400);
        expect(await isActive(server.base, client, after.token ?? "")).toBe(false);
      } else {
        counts.lost++;
        expect(after.status).toBe(400);
      }
    }
    expect(await verify(place)).toMatch(/^\d+ events, root .*, 0 problems$/);
  }
  const { answered, lost, late } = counts;
  return `${KILLS} kills: ${answered} codes answered, ${lost} lost, ${late} redeemed afterwards`;
};

test(
  "kill -9 between code and token: no code gives twice, on pglite",
  async () => say(`pglite under ${RUNTIME}: ${await killed({ data: temporaryFolder() })}`),
  ROUNDS_TIMEOUT_MS,
);

describe("on postgres", onAnyPostgres, () => {
  let postgres: Awaited<ReturnType<typeof anyPostgres>>;
  beforeAll(async () => {
    postgres = await anyPostgres();
  });
  afterAll(() => postgres?.remove());

  test(
    "kill -9 between code and token: no code gives twice",
    async () => {
      const place = { data: temporaryFolder(), database: await postgres.database() };
      say(`postgres under ${RUNTIME}: ${await killed(place)}`);
    },
    ROUNDS_TIMEOUT_MS,
  );
});
