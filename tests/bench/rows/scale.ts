import { randomInt, randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { Bench } from "../bench-context.ts";
import { type Line, lineOf } from "../line.ts";
import { type Flight, flightOf } from "../measure.ts";
import { type ServerProcess, startAuthledger } from "../server-process.ts";
import { SETUP_TOKEN, URL_OF_ALL } from "../store.ts";

const REQUESTS = 100;
/** A password is hashed in each, which is what it costs; throttles allow so many at once. */
const SIGN_INS = 10;
const QUICK = 10;
const START_SECONDS_MAX = 5;
const PASSWORD = "correct horse battery staple";

/** One server over one ledger, and who asks it. */
type Asking = {
  readonly server: ServerProcess;
  readonly size: number;
  readonly architect: Identity;
};
type Identity = { readonly cookie: string; readonly email: string };

/** A request that is measured; made anew each time. */
type Operation = {
  readonly name: string;
  readonly count?: number;
  readonly ask: () => Promise<Response>;
};

/**
 * What people and administrators ask of a ledger of each size, one request after the other: a point
 * operation costs the same in all of them.
 */
export async function scaleRow(bench: Bench): Promise<ReadonlyArray<Line>> {
  const lines: Array<Line> = [];
  for (const kind of bench.stores) {
    for (const size of bench.sizes) {
      const place = await bench.kept(kind, size);
      bench.progress(`scale: ${kind}, ${size.toLocaleString("en-US")} events`);
      const server = await startAuthledger(place);
      try {
        lines.push(...(await measured(bench, kind, { server, size })));
      } finally {
        await server.stop();
      }
    }
  }
  return lines;
}

async function measured(
  bench: Bench,
  kind: string,
  { server, size }: Pick<Asking, "server" | "size">,
): Promise<ReadonlyArray<Line>> {
  const asking = { server, size, architect: await signedIn(server) };
  const lines: Array<Line> = [];
  for (const operation of await operations(asking)) {
    const flights: Array<Flight> = [];
    await fly(operation, 2);
    for (let run = 0; run < bench.runs; run++) {
      flights.push(await fly(operation, bench.quick ? QUICK : (operation.count ?? REQUESTS)));
    }
    lines.push(
      lineOf({
        what: `p99 of ${operation.name}, ${kind}`,
        size,
        unit: "ms",
        ours: flights.map(({ p99Ms }) => p99Ms),
        latencies: flights,
        memoryMiB: server.residentMiB(),
      }),
    );
  }
  lines.push(
    lineOf({
      what: `start to ready, ${kind}`,
      size,
      unit: "s",
      ours: [server.readySeconds],
      oursMax: START_SECONDS_MAX,
      memoryMiB: server.residentMiB(),
    }),
  );
  return lines;
}

async function fly({ name, ask }: Operation, count: number): Promise<Flight> {
  const latencies: Array<number> = [];
  const begun = performance.now();
  for (let n = 0; n < count; n++) {
    const sent = performance.now();
    const answer = await ask();
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${name} was answered ${answer.status}`);
    latencies.push(performance.now() - sent);
  }
  return flightOf(latencies, performance.now() - begun);
}

async function operations(asking: Asking): Promise<ReadonlyArray<Operation>> {
  const { architect, size } = asking;
  const get = (path: () => string) => () => ask(asking, { path: path(), cookie: architect.cookie });
  const post = (path: string, body: () => object) => () => ask(asking, { path, body: body() });
  const somebody = await people(asking);
  const any = () => somebody[randomInt(somebody.length)] ?? "";
  const middle = Math.floor(size / 2);
  const time = await timeOf(asking, middle);
  const all: Array<Operation> = [
    { name: "GET /v1/session", ask: get(() => "/v1/session") },
    { name: "one user", ask: get(() => `/v1/users/${any()}`) },
    { name: "one user as of the middle", ask: get(() => `/v1/users/${any()}?as_of=${middle}`) },
    { name: "history of one", ask: get(() => `/v1/users/${any()}/history`) },
    { name: "list of 50", ask: get(() => "/v1/users") },
    { name: "list, role of everybody", ask: get(() => "/v1/users?role=buyer") },
    { name: "list, role of one", ask: get(() => "/v1/users?role=architect") },
    { name: "list, status of nobody", ask: get(() => "/v1/users?status=blocked&role=buyer") },
    { name: "list as of the middle", ask: get(() => `/v1/users?as_of=${middle}`) },
    { name: "as of a time", ask: get(() => `/v1/users/${any()}?as_of=${time}`) },
    { name: "an event", ask: get(() => `/v1/ledger/events/${randomInt(size) + 1}`) },
    {
      name: "sign-in",
      count: SIGN_INS,
      ask: post("/v1/sign-in", () => ({ identifier: architect.email, password: PASSWORD })),
    },
    {
      name: "a change, seen at once",
      ask: () =>
        ask(asking, {
          path: "/v1/me",
          method: "PATCH",
          cookie: architect.cookie,
          body: { bio: randomUUID() },
        }),
    },
  ];
  const search = get(() => "/v1/users?q=lovelace");
  const rare = get(() => `/v1/users?q=${architect.email.slice(0, 12)}`);
  all.push({ name: "search, everybody's name", ask: search }, { name: "search, one", ask: rare });
  return all;
}

/** When the event at the position was written. */
async function timeOf(asking: Asking, position: number): Promise<string> {
  const path = `/v1/ledger/events/${position}`;
  const answer = await ask(asking, { path, cookie: asking.architect.cookie });
  const { at } = (await answer.json()) as { at: string };
  return at;
}

/** Ids of people from all over the ledger. */
async function people(asking: Asking): Promise<ReadonlyArray<string>> {
  const ids = new Set<string>();
  while (ids.size < Math.min(100, asking.size / 20)) {
    const path = `/v1/ledger/events/${randomInt(Math.floor(asking.size / 2)) + 1}`;
    const answer = await ask(asking, { path, cookie: asking.architect.cookie });
    const { stream } = (await answer.json()) as { stream: string };
    if (stream.startsWith("user-")) ids.add(stream.slice("user-".length));
  }
  return [...ids];
}

type Request = {
  readonly path: string;
  readonly method?: string;
  readonly cookie?: string;
  readonly body?: object;
};

function ask(
  { server }: Pick<Asking, "server">,
  { path, method, cookie, body }: Request,
): Promise<Response> {
  return fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      origin: URL_OF_ALL,
      ...(cookie !== undefined && { cookie }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** The architect of a kept ledger: made by the first run, signed in by the others. */
async function signedIn(server: ServerProcess): Promise<Identity> {
  const email = "architect-of-the-bench@example.org";
  const made = await ask(
    { server },
    { path: "/v1/setup", body: { token: SETUP_TOKEN, email, password: PASSWORD } },
  );
  const answer = made.ok
    ? made
    : await ask(
        { server },
        { path: "/v1/sign-in", body: { identifier: email, password: PASSWORD } },
      );
  if (!answer.ok) throw new Error(`Nobody could sign in: ${await answer.text()}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  return { cookie, email };
}
