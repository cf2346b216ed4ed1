import { BlockList, isIP } from "node:net";

/** Addresses in a chain of proxies at most; more is somebody playing. */
const FORWARDED_MAX = 20;

/** Whether an address of a socket is one of the proxies whose headers are believed. */
export function trustedProxies(trustProxy: ReadonlyArray<string>): (socket: string) => boolean {
  const trusted = new BlockList();
  for (const cidr of trustProxy) {
    const [address = "", bits] = cidr.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  return (socket) => {
    const address = plain(socket);
    return trusted.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  };
}

/**
 * Who really called: the socket's address, or what trusted proxies say of it.
 *
 * The header is read from its right end, which the nearest proxy wrote; the first address that is
 * not a trusted proxy is the client, and everything left of it is hearsay.
 */
export function clientAddress(
  trustProxy: ReadonlyArray<string>,
): (socket: string | undefined, forwardedFor: string | null) => string | undefined {
  const trusts = trustedProxies(trustProxy);
  return (socket, forwardedFor) => {
    let address = socket === undefined ? undefined : plain(socket);
    if (address === undefined || forwardedFor === null || isIP(address) === 0) return address;
    for (const hop of forwardedFor.split(",").slice(-FORWARDED_MAX).reverse()) {
      const next = plain(hop.trim());
      if (!trusts(address) || isIP(next) === 0) break;
      address = next;
    }
    return address;
  };
}

/** An IPv4 address that a dual-stack socket shows as IPv6 is the IPv4 address. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}
