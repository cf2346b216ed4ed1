import { lookup } from "node:dns/promises";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import type * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Metric from "effect/Metric";
import {
  Outbound,
  OutboundError,
  type OutboundInit,
  type OutboundRefusal,
} from "../ports/outbound.ts";
import { connect, type Reach } from "./connect.ts";
import { exchange } from "./exchange.ts";
import { addressPolicy } from "./special-addresses.ts";

/** Of one exchange, from the name to the last byte of the answer. */
export const OUTBOUND_MS = 5_000;
/** Bytes of a body: a hundred times a key set. */
export const OUTBOUND_BYTES_MAX = 256 * 1024;

export type OutboundOptions = {
  /** Blocks of addresses that may be reached although they are private, also without TLS. */
  readonly allow: ReadonlyArray<string>;
  /** A certificate authority beside the public ones, PEM. */
  readonly ca?: string;
  /** For tests: other names than the system's. */
  readonly resolve?: Reach["resolve"];
};

const resolved: Reach["resolve"] = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address);

const refused = (reason: OutboundRefusal) =>
  Metric.counter("authledger_outbound_refusals_total", {
    description: "Requests of ours to other servers that came to nothing, by reason",
    attributes: { reason },
  });

/** A connection for each request, and none that was not checked. */
export function layer({ allow, ca, resolve = resolved }: OutboundOptions): Layer.Layer<Outbound> {
  const policy = addressPolicy(allow);
  const reach: Reach = { policy, resolve, authorities: authoritiesWith(ca) };
  const make = (context: Context.Context<never>) => ({
    fetch: async (url: string | URL, init: OutboundInit = {}) => {
      try {
        return await fetchOver(reach, url, init);
      } catch (error) {
        const refusal = error instanceof OutboundError ? error.refusal : "unreachable";
        refused(refusal).updateUnsafe(1, context);
        throw new OutboundError({ refusal });
      }
    },
  });
  return Layer.effect(Outbound, Effect.map(Effect.context<never>(), make));
}

/**
 * The public authorities and those of `NODE_EXTRA_CA_CERTS`, which Deno reads only when asked;
 * parsed once, at the first request, since there are more than a hundred.
 */
function authoritiesWith(ca: string | undefined): () => SecureContext {
  let known: SecureContext | undefined;
  return () => {
    known ??= createSecureContext({
      ca: [...getCACertificates("default"), ...(ca === undefined ? [] : [ca])],
      minVersion: "TLSv1.2",
    });
    return known;
  };
}

async function fetchOver(reach: Reach, to: string | URL, init: OutboundInit): Promise<Response> {
  const url = targetOf(to);
  const { bytesMax = OUTBOUND_BYTES_MAX, timeoutMs = OUTBOUND_MS } = init;
  const ending = new AbortController();
  const end = () => ending.abort(new OutboundError({ refusal: "timed_out" }));
  const { signal } = ending;
  const timer = setTimeout(end, timeoutMs);
  init.signal?.addEventListener("abort", end, { once: true });
  if (init.signal?.aborted === true) end();
  try {
    const answer = async () => {
      const socket = await connect(url, reach, signal);
      try {
        return await exchange(url, { socket, init, bytesMax, signal });
      } finally {
        socket.destroy();
      }
    };
    // What cannot be interrupted, such as a look-up, is not waited for either.
    return await Promise.race([answer(), rejectedBy(signal)]);
  } finally {
    clearTimeout(timer);
    init.signal?.removeEventListener("abort", end);
  }
}

/** A web address of a server, without anybody's password in it. */
function targetOf(to: string | URL): URL {
  const url = URL.canParse(String(to)) ? new URL(to) : undefined;
  const isWeb = url?.protocol === "https:" || url?.protocol === "http:";
  if (url === undefined || !isWeb || url.username !== "" || url.password !== "") {
    throw new OutboundError({ refusal: "bad_url" });
  }
  return url;
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
