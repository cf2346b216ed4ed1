import type { Bench, StoreKind } from "../bench-context.ts";
import type { Flows } from "../flow-client.ts";
import { type Line, lineOf, type Runs } from "../line.ts";
import type { Load } from "../load-client.ts";
import { type Flight, interleaved } from "../measure.ts";
import { program } from "../program.ts";
import { type ServerProcess, startAuthledger, startOidcProvider } from "../server-process.ts";
import { fillArtefacts, REDIRECT_URI, SCOPE, type TokenStage, tokenStage } from "../token-stage.ts";
import { bodyOf, expectStatus, formPost, Wire } from "../wire.ts";

const CONNECTIONS = 32;
const WARM_UP_MS = 1_000;
const MEASURE_MS = 4_000;
const QUICK_MS = 500;
/** People whose applications refresh or go through code flows. */
const PEOPLE = 32;
const PEOPLE_QUICK = 2;
/** Rows of artefacts; a smoke run has few. */
const ARTEFACTS = [10_000, 100_000];
const ARTEFACTS_QUICK = [1_000];
/** The peer has one client; its secret is written down there too. */
const PEER_BASIC = `Authorization: Basic ${btoa("bench:the secret of the bench")}`;

/**
 * What machines, applications and their users ask of the protocol: client credentials beside
 * `oidc-provider` with all in memory, whole code flows, refresh, introspection, metadata.
 */
export async function tokenRow(bench: Bench): Promise<ReadonlyArray<Line>> {
  const lines: Array<Line> = [];
  for (const kind of bench.stores) lines.push(...(await machines(bench, kind)));
  for (const size of bench.quick ? ARTEFACTS_QUICK : ARTEFACTS) {
    lines.push(...(await applications(bench, size)));
  }
  return lines;
}

/** With an API the token is a JWT; without one it is opaque, and a row. */
const FORMATS = ["ES256", "RS256", "opaque"] as const;
type Format = (typeof FORMATS)[number];

async function machines(bench: Bench, kind: StoreKind): Promise<ReadonlyArray<Line>> {
  const place = await bench.scratch(kind);
  const ours = await startAuthledger(place);
  const theirs = await startOidcProvider();
  const lines: Array<Line> = [];
  try {
    const stage = await tokenStage(ours, 0);
    const theirStage = { ...stage, basic: PEER_BASIC };
    for (const format of FORMATS) {
      bench.progress(`token: client credentials, ${format}, ${kind}`);
      const measured = await interleaved(bench.runs, {
        ours: () => load(bench, ours, [credentials(stage, format)]),
        theirs: () => load(bench, theirs, [credentials(theirStage, format)]),
      });
      lines.push(
        lineOf({
          what: `client credentials, ${format}, ${nameOf(kind)}, ${CONNECTIONS} connections`,
          unit: "/s",
          ours: perSecond(measured.ours),
          reference: { name: "oidc-provider in memory", runs: perSecond(measured.theirs) },
          latencies: measured.ours,
          referenceLatencies: measured.theirs,
          memoryMiB: ours.residentMiB(),
          ratioMin: 0.9,
        }),
        costLine(`client credentials, ${format}, ${nameOf(kind)}`, measured.ours, measured.theirs),
      );
    }
    if (kind === "postgres") lines.push(...(await metadata(bench, ours)));
  } finally {
    await Promise.all([ours.stop(), theirs.stop()]);
    await bench.drop(place);
  }
  return lines;
}

async function metadata(bench: Bench, server: ServerProcess): Promise<ReadonlyArray<Line>> {
  const lines: Array<Line> = [];
  for (const [name, path] of [
    ["JWKS", "/oauth2/jwks"],
    ["discovery", "/.well-known/openid-configuration"],
  ] as const) {
    bench.progress(`token: ${name}`);
    const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    const { ours } = await interleaved(bench.runs, { ours: () => load(bench, server, [request]) });
    lines.push(line({ what: `${name}, ${CONNECTIONS} connections`, oursMin: 8_000 }, ours));
  }
  return lines;
}

async function applications(bench: Bench, size: number): Promise<ReadonlyArray<Line>> {
  const place = await bench.scratch("postgres");
  const server = await startAuthledger(place);
  try {
    bench.progress(`token: people consent, ${size} artefacts`);
    const stage = await tokenStage(server, bench.quick ? PEOPLE_QUICK : PEOPLE);
    await fillArtefacts(place.postgres ?? "", size);
    const flow = (what: Flows["what"]) => () => flows(bench, server, { stage, what });
    bench.progress("token: code, refresh, introspection");
    const jwt = await tokenOf(server, credentials(stage, "ES256"));
    const opaque = await tokenOf(server, credentials(stage, "opaque"));
    const asks = (token: string) => () =>
      load(bench, server, [formPost("/oauth2/introspect", `token=${token}`, [stage.basic])]);
    const measured = await interleaved(bench.runs, {
      code: flow("code"),
      refresh: flow("refresh"),
      opaque: asks(opaque),
      jwt: asks(jwt),
    });
    const on = `Postgres, ${CONNECTIONS} connections`;
    return [
      line({ what: `code and PKCE, the whole flow, ${on}`, size, oursMin: 60 }, measured.code),
      line({ what: `refresh, rotating, ${on}`, size, oursMin: 300 }, measured.refresh),
      line({ what: `introspection, opaque, ${on}`, size }, measured.opaque),
      line({ what: `introspection, JWT, ${on}`, size }, measured.jwt),
      costLine("code and PKCE, Postgres", measured.code),
      costLine("refresh, rotating, Postgres", measured.refresh),
    ];
  } finally {
    await server.stop();
    await bench.drop(place);
  }
}

/** One run, and how much processor time of the server one request of it took. */
type Costed = Flight & { readonly cpuMs: number };
type Measured = ReadonlyArray<Costed>;

/** Runs of two in the same rounds, beside what else the machine does: what one request costs. */
function costLine(what: string, ours: Measured, theirs?: Measured): Line {
  const costs = (runs: Measured) => runs.map(({ cpuMs }) => cpuMs);
  return lineOf({
    what: `${what}, processor time of the server`,
    unit: "ms",
    ours: costs(ours),
    ...(theirs === undefined
      ? {}
      : { reference: { name: "oidc-provider in memory", runs: costs(theirs) } }),
  });
}

async function costed(
  bench: Bench,
  server: ServerProcess,
  run: () => Promise<Flight>,
): Promise<Costed> {
  const before = server.cpuSeconds();
  const flight = await run();
  const { warmUpMs, measureMs } = timesOf(bench);
  const requests = (flight.perSecond * (warmUpMs + measureMs)) / 1000;
  return { ...flight, cpuMs: ((server.cpuSeconds() - before) * 1000) / requests };
}

function line(runs: Pick<Runs, "what" | "size" | "oursMin">, measured: Measured): Line {
  return lineOf({ ...runs, unit: "/s", ours: perSecond(measured), latencies: measured });
}

const perSecond = (runs: Measured) => runs.map((run) => run.perSecond);
const nameOf = (kind: StoreKind) => (kind === "pglite" ? "PGlite" : "Postgres");

type Machine = Pick<TokenStage, "basic" | "audiences">;

function credentials({ basic, audiences }: Machine, format: Format) {
  const api: Record<string, string> =
    format === "opaque" ? {} : { resource: audiences[format], scope: SCOPE };
  const form = new URLSearchParams({ grant_type: "client_credentials", ...api });
  return formPost("/oauth2/token", form.toString(), [basic]);
}

async function tokenOf({ port }: ServerProcess, request: string): Promise<string> {
  const wire = new Wire(port);
  const answer = await wire.ask(request);
  wire.close();
  expectStatus(answer, 200);
  return JSON.parse(bodyOf(answer)).access_token;
}

const timesOf = ({ quick }: Bench) => ({
  connections: CONNECTIONS,
  warmUpMs: quick ? QUICK_MS : WARM_UP_MS,
  measureMs: quick ? QUICK_MS : MEASURE_MS,
});

/** Each request of one kind alone. */
function load(bench: Bench, server: ServerProcess, requests: ReadonlyArray<string>) {
  const { port } = server;
  const asked: Load = { port, path: "", cookies: [], requests, ...timesOf(bench) };
  return costed(bench, server, () => program<Flight>("load-client.ts", asked));
}

type Flowing = { readonly stage: TokenStage; readonly what: Flows["what"] };

function flows(bench: Bench, server: ServerProcess, { stage, what }: Flowing) {
  const { port } = server;
  const { pageId: clientId, cookies, audiences } = stage;
  const asked: Flows = {
    ...{ port, clientId, cookies, resource: audiences.ES256, what },
    ...{ redirectUri: REDIRECT_URI, scope: SCOPE, ...timesOf(bench) },
  };
  return costed(bench, server, () => program<Flight>("flow-client.ts", asked));
}
