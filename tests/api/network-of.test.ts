import { expect, test } from "vitest";
import { neighbourhoodOf, networkOf } from "../../api/throttles/network-of.ts";

test.each([
  ["an IPv4 address is its own", "192.0.2.7", "192.0.2.7"],
  ["of IPv6 the first half counts", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["however it is written", "2001:0DB8:0001:0002::6", "2001:db8:1:2::/64"],
  ["with what a gap stands for", "2001:db8::1", "2001:db8:0:0::/64"],
  ["at its beginning", "::1", "0:0:0:0::/64"],
  ["at its end", "2001:db8:1:2::", "2001:db8:1:2::/64"],
  ["with a zone, which is the receiver's", "fe80::1%eth0", "fe80:0:0:0::/64"],
  ["IPv4 in IPv6 is IPv4", "::ffff:192.0.2.7", "192.0.2.7"],
  ["in hexadecimal too", "::FFFF:c000:207", "192.0.2.7"],
  ["and written out", "0:0:0:0:0:ffff:192.0.2.7", "192.0.2.7"],
  ["an IPv4 tail of a real IPv6 address", "2001:db8:1:2:0:0:192.0.2.7", "2001:db8:1:2::/64"],
  ["callers whom no listener told the address of are one", undefined, "nowhere"],
])("%s", (_rule, address, network) => {
  expect(networkOf(address)).toBe(network);
});

test.each([
  ["of IPv4 three octets", "192.0.2.7", "192.0.2"],
  ["of IPv4 in IPv6 too", "::ffff:192.0.2.7", "192.0.2"],
  ["of IPv6 three groups", "2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"],
  ["with what a gap stands for, not what follows it", "2a00::abcd:1", "2a00:0:0::/48"],
])("a neighbourhood is %s", (_rule, address, neighbourhood) => {
  expect(neighbourhoodOf(address)).toBe(neighbourhood);
});
