import pg from "pg";
import { signUps } from "./rows/session.ts";
import type { ServerProcess } from "./server-process.ts";
import { SETUP_TOKEN, URL_OF_ALL } from "./store.ts";

export const REDIRECT_URI = "https://page.example.com/callback";
export const SCOPE = "orders:read";
/** The peer tells them apart by these names. */
const AUDIENCES = { ES256: "https://orders.example.com", RS256: "https://rs256.example.com" };
const PASSWORD = "correct horse battery staple";

/** Who asks for tokens of one server. */
export type TokenStage = {
  /** The `Authorization` header of a machine. */
  readonly basic: string;
  /** APIs whose access tokens are signed, by what with. */
  readonly audiences: Readonly<Record<"ES256" | "RS256", string>>;
  /** A page in a browser: a public client, whose refresh tokens are used once. */
  readonly pageId: string;
  /** Of people who let the page in, one `Cookie` header each. */
  readonly cookies: ReadonlyArray<string>;
};

/** Sets a new server up, registers a machine, a page and an API, and lets people consent. */
export async function tokenStage(server: ServerProcess, people: number): Promise<TokenStage> {
  const asks = callerOf(server);
  const architect = { token: SETUP_TOKEN, email: "owner@example.org", password: PASSWORD };
  const cookie = cookieOf(await asks("POST", "/v1/setup", { body: architect }));
  const registered = async (body: object) =>
    (await (await asks("POST", "/v1/clients", { cookie, body })).json()) as Registered;
  const machine = await registered({ name: "Robot", type: "machine" });
  const page = await registered({ name: "Page", type: "spa", redirectUris: [REDIRECT_URI] });
  const scopes = [{ name: SCOPE, description: "See your orders" }];
  for (const signingAlgorithm of ["ES256", "RS256"] as const) {
    const audience = AUDIENCES[signingAlgorithm];
    const body = { audience, name: "Orders", scopes, signingAlgorithm };
    await asks("POST", "/v1/resource-servers", { cookie, body });
  }
  const cookies = people === 0 ? [] : await signUps(server, "/v1/sign-up", people);
  for (const one of cookies) await consent(asks, page.clientId, one);
  const pair = `${machine.clientId}:${machine.clientSecret}`;
  const basic = `Authorization: Basic ${Buffer.from(pair).toString("base64")}`;
  return { basic, audiences: AUDIENCES, pageId: page.clientId, cookies };
}

type Registered = { readonly clientId: string; readonly clientSecret: string };
type Asks = ReturnType<typeof callerOf>;

const callerOf =
  ({ port }: ServerProcess) =>
  async (
    method: string,
    path: string,
    { cookie = "", body }: { readonly cookie?: string; readonly body?: unknown },
  ): Promise<Response> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      redirect: "manual",
      headers: {
        ...{ origin: URL_OF_ALL, cookie },
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status >= 400) {
      throw new Error(`${method} ${path} was answered ${answer.status}: ${await answer.text()}`);
    }
    return answer;
  };

/** Asks for a code, and says yes to what that asks. */
async function consent(asks: Asks, clientId: string, cookie: string): Promise<void> {
  const query = new URLSearchParams({
    ...{ client_id: clientId, redirect_uri: REDIRECT_URI, scope: SCOPE, resource: AUDIENCES.ES256 },
    ...{ response_type: "code", code_challenge_method: "S256", code_challenge: "c".repeat(43) },
  });
  const { headers } = await asks("GET", `/oauth2/authorize?${query}`, { cookie });
  const id = new URL(headers.get("location") ?? "", URL_OF_ALL).pathname.split("/").at(-1);
  await asks("POST", `/v1/interactions/${id}`, { cookie, body: { allow: true } });
}

function cookieOf({ headers }: Response): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

/** Rows that hold nothing, so many that what is looked up is one among them. */
export async function fillArtefacts(url: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    `INSERT INTO authledger.artefacts
       (ledger, kind, digest, grant_digest, key_version, payload, expires_ms)
     SELECT 'identity', (ARRAY['AccessToken', 'RefreshToken', 'Grant'])[1 + n % 3],
       encode(sha256(n::text::bytea), 'hex'), encode(sha256((n / 3)::text::bytea), 'hex'), 1,
       decode(repeat(md5(n::text), 20), 'hex'),
       (extract(epoch FROM now()) * 1000)::bigint + 86400000 + n
     FROM generate_series(1, $1::integer) AS n`,
    [count],
  );
  await client.query("ANALYZE authledger.artefacts");
  await client.end();
}
