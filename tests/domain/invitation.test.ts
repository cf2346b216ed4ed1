import { describe, test } from "vitest";
import { invitation } from "../../domain/invitation/mod.ts";
import type { Sealed } from "../../domain/sealed.ts";
import { given } from "../support/given.ts";

const email: Sealed = { owner: "invitation:1", generation: 1, nonce: "n", ct: "mail" };
const expiresAt = "2026-11-28T00:00:00.000Z";
const [before, after] = ["2026-11-27T23:59:59.999Z", expiresAt];
const issued = { type: "InvitationIssued", email, roles: ["buyer"], expiresAt } as const;
const accepted = { type: "InvitationAccepted", userId: "ada" } as const;
const issue = { ...issued, type: "IssueInvitation" } as const;
const accept = { type: "AcceptInvitation", userId: "ada", now: before } as const;

describe("invitations", () => {
  test("are issued once, with roles that there are", () => {
    given(invitation).when(issue).then("issued", issued);
    given(invitation, issued).when(issue).then("issued");
    given(invitation, issued)
      .when({ ...issue, email: { ...email, ct: "other" } })
      .then("already_issued");
    for (const roles of [["pirate"], ["guest"], ["architect"]]) {
      given(invitation)
        .when({ ...issue, roles })
        .then("unknown_role");
    }
    given(invitation)
      .when({ ...issue, roles: ["pirate"], defined: ["pirate"] })
      .then("issued", { ...issued, roles: ["pirate"] });
  });

  test("are accepted by one person, in time", () => {
    given(invitation, issued).when(accept).then("accepted", accepted);
    given(invitation, issued, accepted).when(accept).then("accepted");
    given(invitation, issued, accepted)
      .when({ ...accept, userId: "eve" })
      .then("already_accepted");
    given(invitation, issued)
      .when({ ...accept, now: after })
      .then("expired");
    given(invitation).when(accept).then("unknown_invitation");
  });

  test.each([
    [{ type: "WithdrawInvitation" }, "withdrawn", { type: "InvitationWithdrawn" }],
    [{ type: "LapseInvitation", now: after }, "lapsed", { type: "InvitationLapsed" }],
  ] as const)("%o ends one, and nobody accepts it any more", (ending, outcome, event) => {
    const command = { ...ending, came: false };
    given(invitation, issued).when(command).then(outcome, event);
    given(invitation, issued, event).when(command).then(outcome);
    given(invitation, issued, event).when(accept).then("expired");
    // Who accepted it and has not come is not let in any more; who has come stays.
    given(invitation, issued, accepted).when(command).then(outcome, event);
    given(invitation, issued, accepted, event).when(accept).then("expired");
    given(invitation, issued, accepted)
      .when({ ...command, came: true })
      .then("already_accepted");
  });

  test("do not lapse before their time", () => {
    const lapse = { type: "LapseInvitation", came: false, now: before } as const;
    given(invitation, issued).when(lapse).then("open");
    given(invitation, issued, accepted).when(lapse).then("open");
  });
});
