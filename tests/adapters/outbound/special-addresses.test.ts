import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf, blockOf } from "../../../adapters/outbound/address-block.ts";
import { addressPolicy, isPublic } from "../../../adapters/outbound/special-addresses.ts";

/** First and last address of each range, and those beside it where they are public. */
type Range = readonly [first: string, last: string, before?: string | undefined, after?: string];
const RANGES: ReadonlyArray<Range> = [
  ["0.0.0.0", "0.255.255.255", undefined, "1.0.0.0"],
  ["10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"],
  ["100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"],
  ["127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"],
  ["169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"],
  ["172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"],
  ["192.0.0.0", "192.0.0.255", "191.255.255.255", "192.0.1.0"],
  ["192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0"],
  ["192.88.99.0", "192.88.99.255", "192.88.98.255", "192.88.100.0"],
  ["192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"],
  ["198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"],
  ["198.51.100.0", "198.51.100.255", "198.51.99.255", "198.51.101.0"],
  ["203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0"],
  ["224.0.0.0", "239.255.255.255", "223.255.255.255"],
  ["240.0.0.0", "255.255.255.255"],
  ["::", "::1"],
  ["64:ff9b::", "64:ff9b::ffff:ffff"],
  ["64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"],
  ["100::", "100::ffff:ffff:ffff:ffff"],
  ["2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", undefined, "2001:200::"],
  ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db7:ffff::", "2001:db9::"],
  ["2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:ffff::", "2003::"],
  ["3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3ffe::", "3fff:1000::"],
  ["4000::", "fbff::"],
  ["fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
];

describe("private and special addresses", () => {
  for (const [first, last, before, after] of RANGES) {
    test(`${first} to ${last}`, () => {
      expect([isPublic(first), isPublic(last)]).toEqual([false, false]);
      for (const beside of [before, after]) {
        if (beside !== undefined) expect(isPublic(beside), beside).toBe(true);
      }
    });
  }

  test("an IPv4 address is the same in each form of IPv6", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), (octets) => {
        const [a, b, c, d] = octets.map((each) => each.toString(16).padStart(2, "0"));
        const dotted = octets.join(".");
        for (const mapped of [
          `::ffff:${dotted}`,
          `::FFFF:${a}${b}:${c}${d}`,
          `0:0:0:0:0:ffff:${a}${b}:${c}${d}`,
          `0000:0000:0000:0000:0000:ffff:${dotted}`,
        ]) {
          expect(addressOf(mapped)).toEqual(addressOf(dotted));
          expect(isPublic(mapped)).toBe(isPublic(dotted));
        }
        // IPv4-compatible, NAT64 and 6to4 lead to IPv4 by somebody else's translation.
        for (const translated of [
          `::${dotted}`,
          `64:ff9b::${dotted}`,
          `2002:${a}${b}:${c}${d}::1`,
        ]) {
          expect(isPublic(translated)).toBe(false);
        }
      }),
    );
  });

  test("a scope changes nothing, and what is no address is not public", () => {
    expect(isPublic("fe80::1%eth0")).toBe(false);
    for (const text of ["", "localhost", "1.2.3", "0x7f.1", "2001:db8::/32", "::ffff:1.2.3"]) {
      expect(isPublic(text), text).toBe(false);
    }
  });

  test("public ones are", () => {
    for (const text of ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "2a00:1450::1"]) {
      expect(isPublic(text), text).toBe(true);
    }
  });
});

describe("what the operator allows", () => {
  test("is reached in every form, and its neighbours are not", () => {
    const { mayReach, isAllowed } = addressPolicy(["127.0.0.1/32", "fd00:1::/32", "::1/128"]);
    for (const text of ["127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "fd00:1::5", "::1"]) {
      expect([mayReach(text), isAllowed(text)], text).toEqual([true, true]);
    }
    for (const text of ["127.0.0.2", "::ffff:127.0.0.2", "fd00:2::5", "::2", "10.0.0.1"]) {
      expect(mayReach(text), text).toBe(false);
    }
    expect([mayReach("1.1.1.1"), isAllowed("1.1.1.1")]).toEqual([true, false]);
  });

  test("may be written as IPv4-mapped IPv6", () => {
    expect(addressPolicy(["::ffff:10.0.0.0/104"]).mayReach("10.200.0.1")).toBe(true);
    expect(blockOf("::ffff:10.0.0.0/90")).toBeUndefined();
    expect(blockOf("10.0.0.0/33")).toBeUndefined();
  });
});
