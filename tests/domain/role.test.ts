import { describe, test } from "vitest";
import { role } from "../../domain/role/mod.ts";
import { given } from "../support/given.ts";

const defined = { type: "RoleDefined", description: "Sails", groups: ["staff"] } as const;
const retired = { type: "RoleRetired" } as const;
const define = { ...defined, type: "DefineRole", name: "pirate" } as const;

describe("roles of an installation's own", () => {
  test("are defined once, retired once, and may come again", () => {
    given(role).when(define).then("defined", defined);
    given(role, defined).when(define).then("defined");
    given(role, defined)
      .when({ ...define, description: "Boards" })
      .then("already_defined");
    given(role, defined).when({ type: "RetireRole" }).then("retired", retired);
    given(role, defined, retired).when({ type: "RetireRole" }).then("retired");
    given(role, defined, retired).when(define).then("defined", defined);
    given(role).when({ type: "RetireRole" }).then("unknown_role");
  });

  test.each([
    ["admin", "built_in"],
    ["architect", "built_in"],
    ["Pirate", "invalid_name"],
    ["", "invalid_name"],
    ["p".repeat(65), "invalid_name"],
    ["constructor:", "invalid_name"],
  ] as const)("%s is refused as %s", (name, outcome) => {
    given(role)
      .when({ ...define, name })
      .then(outcome);
  });
});
