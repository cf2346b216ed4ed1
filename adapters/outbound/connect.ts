import { isIP, connect as netConnect, type Socket } from "node:net";
import { type SecureContext, connect as tlsConnect } from "node:tls";
import { OutboundError } from "../ports/outbound.ts";
import type { AddressPolicy } from "./special-addresses.ts";

/** Addresses of one name that are tried, one after the other. */
const ADDRESSES_MAX = 4;
/** What an address may take that is not the last: one of a network that swallows everything. */
const STEP_MS = 1_000;

/** How other servers are reached. */
export type Reach = {
  readonly policy: AddressPolicy;
  /** The addresses of a name, as the system knows them. */
  readonly resolve: (name: string) => Promise<ReadonlyArray<string>>;
  /** Whose certificates are believed. */
  readonly authorities: () => SecureContext;
};

/**
 * A connection to the server that a URL names, over TLS where it says so. The address is checked
 * twice: before anything is sent to it at all, and on the socket that was connected, which has sent
 * nothing yet.
 *
 * Errors: rejects with `OutboundError`, or what the socket said.
 */
export async function connect(url: URL, reach: Reach, signal: AbortSignal): Promise<Socket> {
  const host = hostOf(url);
  const found = isIP(host) === 0 ? await reach.resolve(host) : [host];
  signal.throwIfAborted();
  const may = found.filter((address) => refusalOf(url, address, reach) === undefined);
  const [first] = found;
  if (first !== undefined && may.length === 0) {
    throw new OutboundError({ refusal: refusalOf(url, first, reach) ?? "address_refused" });
  }
  const socket = await connectedToOne(url, may.slice(0, ADDRESSES_MAX), signal);
  const { remoteAddress } = socket;
  // Undefined once the other side has closed it again.
  const refusal =
    remoteAddress === undefined ? "unreachable" : refusalOf(url, remoteAddress, reach);
  if (refusal !== undefined) {
    socket.destroy();
    throw new OutboundError({ refusal });
  }
  return url.protocol === "http:" ? socket : encrypted(socket, { host, reach, signal });
}

/** Why an address may not be spoken to: unencrypted, only those that the operator named. */
function refusalOf({ protocol }: URL, address: string, { policy }: Reach) {
  if (!policy.mayReach(address)) return "address_refused";
  return protocol === "http:" && !policy.isAllowed(address) ? "bad_url" : undefined;
}

/** Without the brackets of IPv6 and the dot that ends a name. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}

async function connectedToOne(
  url: URL,
  addresses: ReadonlyArray<string>,
  signal: AbortSignal,
): Promise<Socket> {
  const port = Number(url.port === "" ? (url.protocol === "http:" ? 80 : 443) : url.port);
  for (const [index, host] of addresses.entries()) {
    const socket = netConnect({ host, port });
    const isLast = index === addresses.length - 1;
    const step = isLast ? undefined : setTimeout(() => socket.destroy(), STEP_MS);
    try {
      return await ready(socket, "connect", signal);
    } catch {
      signal.throwIfAborted();
    } finally {
      clearTimeout(step);
    }
  }
  throw new OutboundError({ refusal: "unreachable" });
}

type Encryption = {
  readonly host: string;
  readonly reach: Reach;
  readonly signal: AbortSignal;
};

/** Certificates are verified, whatever the process's environment says. */
function encrypted(socket: Socket, { host, reach, signal }: Encryption): Promise<Socket> {
  const over = tlsConnect({
    socket,
    host,
    // An address is no server name (RFC 6066, section 3).
    servername: isIP(host) === 0 ? host : "",
    rejectUnauthorized: true,
    ALPNProtocols: ["http/1.1"],
    secureContext: reach.authorities(),
  });
  return ready(over, "secureConnect", signal);
}

/** Waits for a socket; one that nobody waits for any more is closed. */
function ready<S extends Socket>(socket: S, event: string, signal: AbortSignal): Promise<S> {
  return new Promise((resolve, reject) => {
    const giveUp = () => socket.destroy(signal.reason);
    const fail = (error?: Error) => {
      signal.removeEventListener("abort", giveUp);
      reject(error instanceof Error ? error : new OutboundError({ refusal: "unreachable" }));
    };
    signal.addEventListener("abort", giveUp, { once: true });
    // Stays: a socket that nobody listens to would take the process with it.
    socket.on("error", fail);
    socket.once("close", () => fail());
    socket.once(event, () => {
      signal.removeEventListener("abort", giveUp);
      resolve(socket);
    });
    if (signal.aborted) giveUp();
  });
}
