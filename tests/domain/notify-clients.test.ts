import { expect, test } from "vitest";
import { notifyClients } from "../../domain/processes/notify-clients.ts";

test("whyever a session ends, its applications are to hear of it", () => {
  for (const reason of ["signed-out", "blocked", "expired", "role-lost"] as const) {
    const subject = "0190a1b2-0000-7000-8000-000000000001";
    expect(notifyClients.react({ type: "SessionEnded", reason, subject })).toEqual([
      { type: "NotifyClients", sessionId: subject },
    ]);
  }
  expect(notifyClients.handles).toEqual(["SessionEnded"]);
});
