import { expect, test } from "vitest";
import { providers } from "../../projections/providers.ts";
import { at, rowAt } from "./fold.ts";

const [t1, t2] = ["2026-11-21T00:00:01.000Z", "2026-11-21T00:00:02.000Z"] as const;
const secret = { id: "provider-secret:1", digest: "d1" };
const told = {
  name: "Acme",
  clientId: "authledger",
  scopes: ["openid"],
  authMethod: "client_secret_basic",
  origin: "architect",
  secret,
} as const;
const issuer = "https://id.acme.example";
const opened = at("provider-acme", { type: "ProviderOpened", issuer, ...told }, { at: t1 });
const revised = at("provider-acme", { type: "ProviderRevised", ...told, name: "ACME" }, { at: t2 });
const closed = at("provider-acme", { type: "ProviderClosed" }, { at: t2 });

test("a provider is open from its opening on, under one issuer", () => {
  const row = rowAt(providers, "acme", opened, revised);
  expect(row).toStrictEqual({
    id: "acme",
    issuer,
    status: "open",
    openedAt: t1,
    revisedAt: t2,
    ...told,
    name: "ACME",
  });
  expect(row && providers.index(row)).toEqual({ sort: t1, tags: ["status:open"] });
});

test("one that was closed is remembered without its secret, and opens again", () => {
  const row = rowAt(providers, "acme", opened, closed);
  expect(row).toMatchObject({ status: "closed", issuer, name: "Acme" });
  expect(row).not.toHaveProperty("secret");
  expect(rowAt(providers, "acme", opened, closed, opened)).toMatchObject({
    status: "open",
    secret,
  });
});
