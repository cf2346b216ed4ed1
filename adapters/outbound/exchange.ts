import { type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { OutboundError, type OutboundInit } from "../ports/outbound.ts";

/** Bytes of the answer's status line and headers. */
const HEADER_BYTES_MAX = 16 * 1024;

/** What is the connection's own, and no caller's. Source: RFC 9110, section 7.6.1. */
const OURS = new Set([
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "accept-encoding",
  "expect",
  "keep-alive",
  "te",
  "trailer",
  "upgrade",
  "proxy-connection",
  "proxy-authorization",
]);

/** RFC 9110: these answers have no body. */
const BODILESS = new Set([204, 205]);

type Over = {
  readonly socket: Socket;
  readonly init: OutboundInit;
  readonly bytesMax: number;
  readonly signal: AbortSignal;
};

/**
 * One request and its whole answer over a connection that is made; the caller closes it.
 *
 * Errors: rejects with `OutboundError`, or what the connection said.
 */
export function exchange(url: URL, { socket, init, bytesMax, signal }: Over): Promise<Response> {
  const { method = "GET", body } = init;
  return new Promise((resolve, reject) => {
    const outgoing = request({
      createConnection: () => socket,
      method,
      path: `${url.pathname}${url.search}`,
      headers: headersOf(url, init),
      setHost: false,
      maxHeaderSize: HEADER_BYTES_MAX,
    });
    const giveUp = () => fail(signal.reason);
    const fail = (error: unknown) => {
      signal.removeEventListener("abort", giveUp);
      reject(error);
      outgoing.destroy();
    };
    signal.addEventListener("abort", giveUp, { once: true });
    outgoing.on("error", fail);
    socket.on("error", fail);
    const closed = () => fail(new OutboundError({ refusal: "unreachable" }));
    socket.once("close", closed);
    outgoing.once("response", (incoming) => {
      // From here on the answer itself knows whether it is whole.
      socket.off("close", closed);
      answerOf(incoming, bytesMax)
        .then(resolve)
        .then(() => signal.removeEventListener("abort", giveUp))
        .catch(fail);
    });
    if (signal.aborted) giveUp();
    else outgoing.end(body);
  });
}

function headersOf({ host }: URL, { headers = {}, body }: OutboundInit): Record<string, string> {
  const theirs = Object.entries(headers).filter(
    ([name, value]) => !OURS.has(name.toLowerCase()) && value !== "",
  );
  return {
    "user-agent": "Authledger",
    ...Object.fromEntries(theirs.map(([name, value]) => [name.toLowerCase(), value])),
    host,
    connection: "close",
    // What is small when packed may be large: nothing is unpacked here.
    "accept-encoding": "identity",
    ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
  };
}

/** The answer, once all of it is here and it is small enough. */
async function answerOf(incoming: IncomingMessage, bytesMax: number): Promise<Response> {
  const { statusCode: status = 0 } = incoming;
  if (status >= 300 && status < 400) throw new OutboundError({ refusal: "redirected" });
  const chunks: Array<Buffer> = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new OutboundError({ refusal: "too_large" });
    chunks.push(chunk);
  }
  // A body that was cut off is not an answer.
  if (!incoming.complete) throw new OutboundError({ refusal: "unreachable" });
  const headers = new Headers();
  const { rawHeaders } = incoming;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
  }
  const body = BODILESS.has(status) ? null : Buffer.concat(chunks);
  return new Response(body, { status, headers });
}
