import { expect, test } from "vitest";
import { mergeTuples, rewritten } from "../../domain/processes/merge-tuples.ts";

const guest = "0b6f4c1e-6d0a-4c53-9a0f-6f7a3f2f5c11";
const into = "5f1c2a34-9f59-4f0e-8f3d-2f6f0b7f9d20";

test("a merge asks for the guest's tuples to be the account's", () => {
  const merged = { type: "IdentityMerged", into, roles: ["guest"], subject: guest } as const;
  expect(mergeTuples.react(merged)).toStrictEqual([{ type: "RewriteTuples", guest, into }]);
});

test.each([
  [`user:${guest}`, `user:${into}`],
  [`user:${guest}#friend`, `user:${into}#friend`],
  [`user:${guest}0`, `user:${guest}0`],
  [`group:${guest}`, `group:${guest}`],
  ["user:*", "user:*"],
])("%s becomes %s on either side", (before, after) => {
  expect(
    rewritten({ object: "doc:1", relation: "viewer", subject: before }, { guest, into }),
  ).toStrictEqual({ object: "doc:1", relation: "viewer", subject: after });
  expect(
    rewritten({ object: before, relation: "viewer", subject: "doc:1" }, { guest, into }),
  ).toStrictEqual({ object: after, relation: "viewer", subject: "doc:1" });
});
