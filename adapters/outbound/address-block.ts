import { isIP } from "node:net";

/**
 * An address as a number, so that no spelling of it matters: what stands for an IPv4 address in
 * IPv6 is that IPv4 address.
 *
 * Source: RFC 4291, sections 2.2 and 2.5.5.2.
 */
export type Address = { readonly family: 4 | 6; readonly bits: bigint };

/** Addresses that begin with the same bits. */
export type AddressBlock = Address & { readonly prefix: number };

const MAPPED = 0xffffn;
const FOUR_BYTES = 32n;
const BITS = { 4: 32, 6: 128 } as const;

/** Undefined for what is no address, a name for example. A scope such as `%eth0` is left out. */
export function addressOf(text: string): Address | undefined {
  const [plain = ""] = text.split("%", 1);
  const family = isIP(plain);
  if (family === 4) return { family, bits: joined(plain.split("."), 8n, 10) };
  if (family !== 6) return undefined;
  const bits = joined(groupsOf(plain), 16n, 16);
  return bits >> FOUR_BYTES === MAPPED
    ? { family: 4, bits: bits & 0xffff_ffffn }
    : { family: 6, bits };
}

/** A block as `10.0.0.0/8`; undefined where it is none. */
export function blockOf(cidr: string): AddressBlock | undefined {
  const [text = "", length = ""] = cidr.split("/");
  const address = addressOf(text);
  if (address === undefined) return undefined;
  // Of a block that was written as IPv4-mapped IPv6, the first 96 bits are the mapping.
  const prefix = Number(length) - (isIP(text) === 6 && address.family === 4 ? 96 : 0);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > BITS[address.family]) return undefined;
  return { ...address, prefix };
}

export function isWithin(address: Address, block: AddressBlock): boolean {
  if (address.family !== block.family) return false;
  const rest = BigInt(BITS[block.family] - block.prefix);
  return address.bits >> rest === block.bits >> rest;
}

/** The eight groups of an IPv6 address, in hexadecimal. */
function groupsOf(text: string): ReadonlyArray<string> {
  const [head = "", tail] = withoutDots(text).split("::");
  const before = head === "" ? [] : head.split(":");
  if (tail === undefined) return before;
  const after = tail === "" ? [] : tail.split(":");
  return [...before, ...Array(8 - before.length - after.length).fill("0"), ...after];
}

/** The last 32 bits may be written as IPv4. */
function withoutDots(text: string): string {
  const at = text.lastIndexOf(":") + 1;
  const last = text.slice(at);
  if (!last.includes(".")) return text;
  const bits = joined(last.split("."), 8n, 10);
  return `${text.slice(0, at)}${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`;
}

function joined(parts: ReadonlyArray<string>, width: bigint, radix: number): bigint {
  return parts.reduce((bits, part) => (bits << width) | BigInt(Number.parseInt(part, radix)), 0n);
}
