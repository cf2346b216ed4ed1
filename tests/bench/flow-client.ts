import { createHash, randomBytes } from "node:crypto";
import { performance } from "node:perf_hooks";
import { flightOf } from "./measure.ts";
import { bodyOf, expectStatus, formPost, Wire } from "./wire.ts";

/* Applications of signed-in people in a process of their own: each connection goes through whole
 * code flows with PKCE, or refreshes one line of tokens again and again. One JSON argument says
 * what to do, one JSON line is the answer. */

export type Flows = {
  readonly port: number;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly resource: string;
  /** One `Cookie` header each, of people who let the application in; connections take turns. */
  readonly cookies: ReadonlyArray<string>;
  readonly what: "code" | "refresh";
  readonly connections: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
};

/** Strangers are counted by network, and applications without a secret are strangers. */
let requests = 0;
const fromElsewhere = () => {
  const n = ++requests;
  return `X-Forwarded-For: 198.18.${(n >> 8) & 0xff}.${n & 0xff}`;
};

type Tokens = { readonly access_token: string; readonly refresh_token: string };

/** Asks for a code with a live session and redeems it: two requests. */
async function throughCode(wire: Wire, flows: Flows, cookie: string): Promise<Tokens> {
  const { clientId: client_id, redirectUri: redirect_uri, scope, resource } = flows;
  const code_verifier = randomBytes(32).toString("base64url");
  const code_challenge = createHash("sha256").update(code_verifier).digest("base64url");
  const query = new URLSearchParams({
    ...{ client_id, redirect_uri, scope, resource, code_challenge },
    response_type: "code",
    code_challenge_method: "S256",
    state: randomBytes(8).toString("hex"),
  });
  const asked = `GET /oauth2/authorize?${query} HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}`;
  const sent = await wire.ask(`${asked}\r\n\r\n`);
  expectStatus(sent, 303);
  const location = /\r\nlocation: (\S+)/i.exec(sent)?.[1] ?? "";
  const code = new URL(location).searchParams.get("code");
  if (code === null) throw new Error(`No code in ${location.slice(0, 200)}`);
  return tokens(wire, {
    ...{ client_id, code, redirect_uri, code_verifier },
    grant_type: "authorization_code",
  });
}

async function tokens(wire: Wire, form: Readonly<Record<string, string>>): Promise<Tokens> {
  const body = new URLSearchParams(form).toString();
  const answer = await wire.ask(formPost("/oauth2/token", body, [fromElsewhere()]));
  expectStatus(answer, 200);
  return JSON.parse(bodyOf(answer)) as Tokens;
}

async function connectionOf(flows: Flows, n: number, done: (ms: number) => boolean) {
  const cookie = flows.cookies[n % flows.cookies.length] ?? "";
  const wire = new Wire(flows.port);
  const { clientId: client_id } = flows;
  let refresh_token = "";
  if (flows.what === "refresh") ({ refresh_token } = await throughCode(wire, flows, cookie));
  let sent: number;
  do {
    sent = performance.now();
    if (flows.what === "code") await throughCode(wire, flows, cookie);
    else {
      const next = await tokens(wire, { client_id, refresh_token, grant_type: "refresh_token" });
      if (next.refresh_token === refresh_token) throw new Error("A refresh token was not replaced");
      ({ refresh_token } = next);
    }
  } while (done(performance.now() - sent));
  wire.close();
}

async function run(flows: Flows) {
  const latencies: Array<number> = [];
  const measureFrom = performance.now() + flows.warmUpMs;
  const end = measureFrom + flows.measureMs;
  const done = (ms: number) => {
    const now = performance.now();
    if (now >= measureFrom && now < end) latencies.push(ms);
    return now < end;
  };
  const connections = Array.from({ length: flows.connections }, (_, n) => n);
  await Promise.all(connections.map((n) => connectionOf(flows, n, done)));
  return flightOf(latencies, flows.measureMs);
}

if (import.meta.main) {
  const measured = await run(JSON.parse(process.argv[2] ?? "") as Flows);
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}
