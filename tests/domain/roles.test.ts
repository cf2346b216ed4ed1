import { expect, test } from "vitest";
import { inGroup, isGrantable, ROLES, type RoleGroup } from "../../domain/user/mod.ts";

const members = (group: RoleGroup) => Object.keys(ROLES).filter((role) => inGroup([role], group));

test("groups have the members that the pages and proxies count on", () => {
  expect(members("account")).toEqual([
    "user",
    "buyer",
    "vip_user",
    "subscriber_lite",
    "subscriber_standard",
    "subscriber_max",
    "architect",
  ]);
  expect(members("staff")).toEqual([
    "manager",
    "senior_manager",
    "support_manager",
    "delivery_manager",
    "content_editor",
    "architect",
  ]);
  expect(members("finance")).toEqual(["finance", "architect"]);
  expect(members("admin")).toEqual(["admin", "architect"]);
  expect(inGroup(["guest", "auditor", "toString"], "account")).toBe(false);
});

test("every role but architect is granted in the user's stream", () => {
  expect(Object.keys(ROLES).filter((role) => !isGrantable(role))).toEqual(["architect"]);
});
