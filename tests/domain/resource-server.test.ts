import { describe, expect, test } from "vitest";
import { isAudience } from "../../domain/resource-server/audience.ts";
import { type ResourceServerMetadata, resourceServer } from "../../domain/resource-server/mod.ts";
import { given } from "../support/given.ts";

const audience = "https://orders.example.com";
const scopes = [{ name: "orders:read", description: "See your orders" }];
const orders = { name: "Orders", scopes };
const register = { type: "RegisterResourceServer", audience, ...orders } as const;
const registered = { type: "ResourceServerRegistered", audience, ...orders } as const;
const removed = { type: "ResourceServerRemoved" } as const;
const revise = (changes: Partial<ResourceServerMetadata>) =>
  ({ type: "ReviseResourceServer", changes }) as const;

describe("an API that tokens are issued for", () => {
  test("is registered once, and once removed never comes back", () => {
    given(resourceServer).when(register).then("registered", registered);
    given(resourceServer, registered).when(register).then("registered");
    given(resourceServer, registered)
      .when({ ...register, audience: "https://other.example.com" })
      .then("already_registered");
    given(resourceServer, registered)
      .when({ type: "RemoveResourceServer" })
      .then("removed", removed);
    given(resourceServer, registered, removed)
      .when({ type: "RemoveResourceServer" })
      .then("removed");
    given(resourceServer, registered, removed).when(register).then("already_registered");
    given(resourceServer, registered, removed)
      .when(revise({ name: "Again" }))
      .then("unknown_resource_server");
  });

  test("is revised where something changes", () => {
    given(resourceServer, registered)
      .when(revise({ name: "Sales" }))
      .then("revised", { type: "ResourceServerRevised", name: "Sales", scopes });
    const revised = { type: "ResourceServerRevised", ...orders } as const;
    const signed = { ...revised, signingAlgorithm: "RS256" } as const;
    given(resourceServer, registered)
      .when(revise({ signingAlgorithm: "RS256" }))
      .then("revised", signed);
    given(resourceServer, registered, signed)
      .when(revise({ name: "Sales" }))
      .then("revised", { ...signed, name: "Sales" });
    given(resourceServer, registered, signed)
      .when(revise({ signingAlgorithm: "RS256" }))
      .then("revised");
    given(resourceServer, registered).when(revise({})).then("revised");
    given(resourceServer).when(revise({})).then("unknown_resource_server");
  });

  test.each([
    [[{ name: "openid", description: "" }]],
    [[{ name: "offline_access", description: "" }]],
    [[{ name: "", description: "" }]],
    [[{ name: 'a"b', description: "" }]],
    [[...scopes, ...scopes]],
  ])("has scopes that a token can say: not %j", (wrong) => {
    given(resourceServer)
      .when({ ...register, scopes: wrong })
      .then("invalid_scope");
    given(resourceServer, registered)
      .when(revise({ scopes: wrong }))
      .then("invalid_scope");
  });
});

test.each([
  ["https://orders.example.com", true],
  ["https://orders.example.com/v1", true],
  ["http://orders.internal:8080", true],
  ["urn:example:orders", true],
  ["orders", false],
  ["https://orders.example.com#x", false],
  ["https://orders.example.com/a/../b", false],
  ["ftp://orders.example.com/", false],
])("%s is an audience: %s", (given, is) => {
  expect(isAudience(given)).toBe(is);
});
