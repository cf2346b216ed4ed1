import { isIPv4, isIPv6 } from "node:net";

/** RFC 6177 section 2: a site has at least a /64, so one machine has all addresses of it. */
const NETWORK_GROUPS = 4;
/** What providers give a site at most, RFC 6177 section 2: its /64s may change within. */
const SITE_GROUPS = 3;
const V4_OCTETS = 3;
const GROUPS = 8;
/** The six groups before an IPv4 address in IPv6, in decimal. */
const IPV4_MAPPED = "0:0:0:0:0:65535";

/**
 * Whom an address stands for in the eyes of a throttle: an IPv4 address itself, of an IPv6 address
 * its /64. Callers without an address (no listener told one) count as one.
 */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return "nowhere";
  const { v4, groups } = parsed(address);
  return groups === undefined ? v4 : `${hex(groups.slice(0, NETWORK_GROUPS))}::/64`;
}

/**
 * Of an address, what stays the same when a provider gives its customer another one: the /24 of
 * IPv4, the /48 of IPv6.
 */
export function neighbourhoodOf(address: string): string {
  const { v4, groups } = parsed(address);
  if (groups !== undefined) return `${hex(groups.slice(0, SITE_GROUPS))}::/48`;
  return v4.split(".").slice(0, V4_OCTETS).join(".");
}

type Parsed =
  | { readonly groups: ReadonlyArray<number>; readonly v4?: undefined }
  /** In decimal; what is no address at all is left as it is. */
  | { readonly v4: string; readonly groups?: undefined };

function parsed(address: string): Parsed {
  const [bare = ""] = address.toLowerCase().split("%");
  if (!isIPv6(bare)) return { v4: bare };
  const groups = groupsOf(bare);
  // An IPv4 address in IPv6 (RFC 4291 section 2.5.5.2), however it is written.
  if (groups.slice(0, 6).join(":") !== IPV4_MAPPED) return { groups };
  const octets = groups.slice(6).flatMap((group) => [group >> 8, group & 0xff]);
  return { v4: octets.join(".") };
}

function hex(groups: ReadonlyArray<number>): string {
  return groups.map((group) => group.toString(16)).join(":");
}

/** The eight numbers of an address that is known to be one (RFC 4291 section 2.2). */
function groupsOf(address: string): ReadonlyArray<number> {
  const [head = "", tail] = address.split("::");
  const left = parts(head);
  const right = parts(tail ?? "");
  return [...left, ...Array<number>(GROUPS - left.length - right.length).fill(0), ...right];
}

function parts(text: string): ReadonlyArray<number> {
  if (text === "") return [];
  return text.split(":").flatMap((part) => {
    if (!isIPv4(part)) return [Number.parseInt(part, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = part.split(".").map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}
