import { describe, test } from "vitest";
import { tokenFamily } from "../../domain/token-family/mod.ts";
import { given } from "../support/given.ts";

const line = {
  userId: "0b6f4c1e-6d0a-4c53-9a0f-6f7a3f2f5c11",
  clientId: "shop",
  scopes: ["openid", "offline_access"],
  audiences: [],
  expiresAt: "2026-12-28T08:00:00.000Z",
};
const open = { type: "OpenFamily", ...line } as const;
const opened = { type: "RefreshFamilyOpened", ...line } as const;
const reused = { type: "RefreshTokenReuseDetected" } as const;
const revoked = (reason: "reuse" | "revoked" | "signed-out") =>
  ({ type: "RefreshFamilyRevoked", reason }) as const;
const revoke = (reason: "revoked" | "signed-out") => ({ type: "RevokeFamily", reason }) as const;

describe("a line of refresh tokens", () => {
  test("is opened once", () => {
    given(tokenFamily).when(open).then("opened", opened);
    given(tokenFamily, opened).when(open).then("opened");
    given(tokenFamily, opened, revoked("revoked")).when(open).then("revoked");
  });

  test("ends when a token that had been replaced is used", () => {
    const detect = { type: "DetectReuse" } as const;
    given(tokenFamily).when(detect).then("unknown_family");
    given(tokenFamily, opened).when(detect).then("revoked", reused, revoked("reuse"));
    given(tokenFamily, opened, reused, revoked("reuse")).when(detect).then("revoked");
  });

  test("ends once, for the reason that ended it", () => {
    given(tokenFamily).when(revoke("revoked")).then("unknown_family");
    given(tokenFamily, opened).when(revoke("revoked")).then("revoked", revoked("revoked"));
    given(tokenFamily, opened, revoked("revoked")).when(revoke("signed-out")).then("revoked");
  });
});
