import { describe, expect, test } from "vitest";
import { consent, covers } from "../../domain/consent/mod.ts";
import { given } from "../support/given.ts";

const userId = "0b6f4c1e-6d0a-4c53-9a0f-6f7a3f2f5c11";
const whose = { userId, clientId: "shop" };
const orders = (...scopes: ReadonlyArray<string>) => ({
  audience: "https://orders.example.com",
  scopes,
});
const grant = (
  scopes: ReadonlyArray<string>,
  ...resources: ReadonlyArray<ReturnType<typeof orders>>
) => ({ type: "GrantConsent", ...whose, scopes, resources }) as const;
const granted = (
  scopes: ReadonlyArray<string>,
  ...resources: ReadonlyArray<ReturnType<typeof orders>>
) => ({ type: "ConsentGranted", ...whose, scopes, resources }) as const;
const withdraw = { type: "WithdrawConsent" } as const;
const withdrawn = { type: "ConsentWithdrawn" } as const;

describe("a consent", () => {
  test("is granted, and only what is more is granted again", () => {
    given(consent)
      .when(grant(["profile", "openid"], orders("read")))
      .then("granted", granted(["openid", "profile"], orders("read")));
    const before = granted(["openid", "profile"], orders("read"));
    given(consent, before)
      .when(grant(["openid"]))
      .then("granted");
    given(consent, before)
      .when(grant(["openid"], orders("read")))
      .then("granted");
    given(consent, before)
      .when(grant(["email"], orders("write")))
      .then("granted", granted(["email", "openid", "profile"], orders("read", "write")));
  });

  test("is granted anew where the terms are others", () => {
    const terms = "https://shop.example.com/terms-2";
    const before = granted(["openid"]);
    given(consent, before)
      .when({ ...grant(["openid"]), terms })
      .then("granted", { ...before, terms });
    given(consent, { ...before, terms })
      .when({ ...grant(["openid"]), terms })
      .then("granted");
  });

  test("is withdrawn whole, once, and may be granted anew", () => {
    given(consent).when(withdraw).then("unknown_consent");
    const before = granted(["openid", "profile"]);
    given(consent, before).when(withdraw).then("withdrawn", withdrawn);
    given(consent, before, withdrawn).when(withdraw).then("withdrawn");
    given(consent, before, withdrawn)
      .when(grant(["openid"]))
      .then("granted", granted(["openid"]));
  });
});

test("what was agreed to covers what is asked for, API by API", () => {
  const agreed = { scopes: ["openid"], resources: [orders("read")] };
  expect(covers(agreed, { scopes: [], resources: [] })).toBe(true);
  expect(covers(agreed, { scopes: ["openid"], resources: [orders("read")] })).toBe(true);
  expect(covers(agreed, { scopes: ["email"], resources: [] })).toBe(false);
  expect(covers(agreed, { scopes: [], resources: [orders("read", "write")] })).toBe(false);
  const elsewhere = { audience: "https://mail.example.com", scopes: ["read"] };
  expect(covers(agreed, { scopes: [], resources: [elsewhere] })).toBe(false);
});
