import { expect, test } from "vitest";
import { readConfig } from "../../ops/config.ts";
import { UsageError } from "../../ops/usage-error.ts";

const configOf = (domain: string, host = "id.example.com") =>
  readConfig(
    {
      AUTHLEDGER_URL: `https://${host}`,
      AUTHLEDGER_SECRET: Buffer.alloc(32, 7).toString("base64"),
      AUTHLEDGER_COOKIE_DOMAIN: domain,
    },
    "/srv/authledger",
  );

test.each([
  ["example.com", "id.example.com"],
  ["id.example.com", "id.example.com"],
  ["example.co.uk", "id.example.co.uk"],
  ["shop.github.io", "id.shop.github.io"],
  ["example.de", "id.example.de"],
])("the cookie domain %s is good for %s", (domain, host) => {
  const config = configOf(domain, host);
  expect(config).not.toBeInstanceOf(UsageError);
  expect(config).toMatchObject({ cookieDomain: domain, warnings: [] });
});

test.each([
  ["another owner's", "other.com", "id.example.com"],
  ["one that only ends alike", "ample.com", "id.example.com"],
  ["one below the host", "a.id.example.com", "id.example.com"],
  ["a registry's", "co.uk", "example.co.uk"],
  ["a hosting service's", "github.io", "shop.github.io"],
  ["a top level's", "com", "example.com"],
  ["one with a dot in front", ".example.com", "id.example.com"],
  ["an address", "0.0.1", "10.0.0.1"],
])("a cookie domain that is %s is refused with one line", (_, domain, host) => {
  const refused = configOf(domain, host);
  expect(refused).toBeInstanceOf(UsageError);
  if (!(refused instanceof UsageError)) return;
  expect(refused.lines).toHaveLength(1);
  expect(refused.lines[0]).toContain("AUTHLEDGER_COOKIE_DOMAIN");
});

test("a cookie domain beside localhost is refused: there is no domain above it", () => {
  const refused = readConfig({ AUTHLEDGER_COOKIE_DOMAIN: "example.com" }, "/srv/authledger");
  expect(refused).toBeInstanceOf(UsageError);
});
