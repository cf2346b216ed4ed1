import { connect, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { flightOf } from "./measure.ts";

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
  readonly connections: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
};

const OK = "HTTP/1.1 200 ";
const END_OF_HEAD = "\r\n\r\n";
const LAST_CHUNK = "0\r\n\r\n";

/** Whether a whole answer is there; throws on any that is not 200. */
function isWhole(answer: string): boolean {
  const head = answer.indexOf(END_OF_HEAD);
  if (head < 0) return false;
  if (!answer.startsWith(OK)) throw new Error(`Answered ${answer.slice(0, head)}`);
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, head))?.[1];
  if (length === undefined) return answer.endsWith(LAST_CHUNK);
  return Buffer.byteLength(answer) - head - END_OF_HEAD.length >= Number(length);
}

/** What the n-th request is; POSTs come from somewhere else each time. */
function requestsOf({ path, cookies, bodies = [] }: Load): (n: number) => Buffer | string {
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
  const socket: Socket = connect(load.port, "127.0.0.1").setNoDelay(true);
  return new Promise<void>((resolve, reject) => {
    let answer = "";
    let sent = 0;
    const send = () => {
      sent = performance.now();
      answer = "";
      socket.write(requestOf(next()));
    };
    socket.on("connect", send);
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("The server closed a connection")));
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      try {
        if (!isWhole(answer)) return;
      } catch (error) {
        reject(error);
        return;
      }
      if (done(performance.now() - sent)) send();
      else {
        socket.removeAllListeners("close").destroy();
        resolve();
      }
    });
  });
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
