import { type Address, type AddressBlock, addressOf, blockOf, isWithin } from "./address-block.ts";

/** Source: the IANA IPv4 special-purpose address registry (RFC 6890), multicast and class E. */
const SPECIAL_V4 = blocks(
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
);

/**
 * All that is routed in the public Internet; whatever else there is or will be is special: `::`,
 * `::1`, `64:ff9b::/96`, `fc00::/7`, `fe80::/10`, `ff00::/8`. Source: RFC 4291, section 2.4.
 */
const PUBLIC_V6 = block("2000::/3");

/** Within it: protocols (Teredo among them), documentation, 6to4, AS112. Source: RFC 6890. */
const SPECIAL_V6 = blocks(
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "2620:4f:8000::/48",
  "3fff::/20",
);

/** What may be connected to. */
export type AddressPolicy = {
  /** Whether nothing stands against the address, or the operator allowed it. */
  readonly mayReach: (address: string) => boolean;
  /** Whether the operator named it. */
  readonly isAllowed: (address: string) => boolean;
};

/** Public addresses, and those in the blocks that the operator allows. */
export function addressPolicy(allow: ReadonlyArray<string>): AddressPolicy {
  const allowed = blocks(...allow);
  const isAllowed = (text: string) => {
    const address = addressOf(text);
    return address !== undefined && isInOne(allowed, address);
  };
  return { isAllowed, mayReach: (text) => isAllowed(text) || isPublic(text) };
}

/** Whether an address is one of the public Internet's; what is no address is not. */
export function isPublic(text: string): boolean {
  const address = addressOf(text);
  if (address === undefined) return false;
  if (address.family === 4) return !isInOne(SPECIAL_V4, address);
  return isWithin(address, PUBLIC_V6) && !isInOne(SPECIAL_V6, address);
}

function isInOne(some: ReadonlyArray<AddressBlock>, address: Address): boolean {
  return some.some((each) => isWithin(address, each));
}

function blocks(...cidrs: ReadonlyArray<string>): ReadonlyArray<AddressBlock> {
  return cidrs.map(block);
}

function block(cidr: string): AddressBlock {
  const parsed = blockOf(cidr);
  if (parsed === undefined) throw new TypeError(`Cannot use the address block "${cidr}"`);
  return parsed;
}
