import { performance } from "node:perf_hooks";
import { flightOf } from "./measure.ts";
import { expectStatus, Wire } from "./wire.ts";

/* A load generator in a process of its own: keep-alive connections in a closed loop. It speaks
 * just enough HTTP/1.1 over bare sockets to cost little beside the server on a small machine.
 * One JSON argument says what to do, one JSON line is the answer. */

export type Load = {
  readonly port: number;
  readonly path: string;
  /** One `Cookie` header each; connections take them in turn. */
  readonly cookies: ReadonlyArray<string>;
  /** Sent with POST, in turn; without them it is a GET. */
  readonly bodies?: ReadonlyArray<unknown>;
  /** Whole requests, sent in turn instead of what the others say. */
  readonly requests?: ReadonlyArray<string>;
  readonly connections: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
};

/** What the n-th request is; POSTs come from somewhere else each time. */
function requestsOf(load: Load): (n: number) => Buffer | string {
  const { path, cookies, bodies = [], requests = [] } = load;
  const whole = requests.map((request) => Buffer.from(request));
  if (whole.length > 0) return (n) => whole[n % whole.length] ?? "";
  const gets = cookies.map((cookie) =>
    Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\n\r\n`),
  );
  const posts = bodies.map((body) => JSON.stringify(body));
  if (posts.length === 0) return (n) => gets[n % gets.length] ?? "";
  return (n) => {
    const cookie = cookies.length === 0 ? "" : `Cookie: ${cookies[n % cookies.length]}\r\n`;
    const body = posts[n % posts.length] ?? "";
    const from = `198.18.${(n >> 8) & 0xff}.${n & 0xff}`;
    const type = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`;
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${cookie}X-Forwarded-For: ${from}`;
    return `${head}\r\n${type}\r\n\r\n${body}`;
  };
}

async function connectionOf(load: Load, next: () => number, done: (ms: number) => boolean) {
  const requestOf = requestsOf(load);
  const wire = new Wire(load.port);
  let sent: number;
  do {
    sent = performance.now();
    expectStatus(await wire.ask(requestOf(next())), 200);
  } while (done(performance.now() - sent));
  wire.close();
}

async function run(load: Load) {
  const latencies: Array<number> = [];
  const measureFrom = performance.now() + load.warmUpMs;
  const end = measureFrom + load.measureMs;
  let turn = 0;
  const done = (ms: number) => {
    const now = performance.now();
    if (now >= measureFrom && now < end) latencies.push(ms);
    return now < end;
  };
  await Promise.all(
    Array.from({ length: load.connections }, () => connectionOf(load, () => turn++, done)),
  );
  return flightOf(latencies, load.measureMs);
}

if (import.meta.main) {
  const measured = await run(JSON.parse(process.argv[2] ?? "") as Load);
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}
