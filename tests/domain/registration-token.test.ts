import { describe, test } from "vitest";
import { registrationToken, USES_MAX } from "../../domain/registration-token/mod.ts";
import { given } from "../support/given.ts";

const secret = { id: "registration-token:1", digest: "0".repeat(64) };
const [before, expiresAt] = ["2026-11-21T00:00:00.000Z", "2026-11-22T00:00:00.000Z"];
const issued = { type: "RegistrationTokenIssued", secret, uses: 2, expiresAt } as const;
const issue = { ...issued, type: "IssueRegistrationToken" } as const;
const revoke = { type: "RevokeRegistrationToken" } as const;
const revoked = { type: "RegistrationTokenRevoked" } as const;
const use = (clientId: string, now = before) =>
  ({ type: "UseRegistrationToken", clientId, now }) as const;
const used = (clientId: string) => ({ type: "RegistrationTokenUsed", clientId }) as const;

describe("a token by which applications register themselves", () => {
  test("is issued once, for a number of uses that is one", () => {
    given(registrationToken).when(issue).then("issued", issued);
    given(registrationToken, issued).when(issue).then("issued");
    given(registrationToken, issued)
      .when({ ...issue, uses: 1 })
      .then("already_issued");
    for (const uses of [0, -1, 1.5, USES_MAX + 1]) {
      given(registrationToken)
        .when({ ...issue, uses })
        .then("too_many_uses");
    }
  });

  test("has as many uses as it was issued with, and a repeat takes none", () => {
    given(registrationToken).when(use("shop")).then("unknown_token");
    given(registrationToken, issued).when(use("shop")).then("used", used("shop"));
    given(registrationToken, issued, used("shop")).when(use("shop")).then("used");
    given(registrationToken, issued, used("shop")).when(use("page")).then("used", used("page"));
    given(registrationToken, issued, used("shop"), used("page")).when(use("app")).then("spent");
  });

  test("is worth nothing from its end on, nor once it is revoked", () => {
    given(registrationToken, issued).when(use("shop", expiresAt)).then("expired");
    given(registrationToken, issued).when(revoke).then("revoked", revoked);
    given(registrationToken, issued, revoked).when(use("shop")).then("revoked");
    given(registrationToken, issued, revoked).when(revoke).then("revoked");
    given(registrationToken, issued, revoked).when(issue).then("already_issued");
    given(registrationToken).when(revoke).then("unknown_token");
  });
});
