import { test } from "vitest";
import { architects } from "../../domain/architects/mod.ts";
import { given } from "../support/given.ts";

const appointed = (userId: string, first = false) =>
  ({ type: "ArchitectAppointed", userId, first }) as const;
const dismissed = { type: "ArchitectDismissed", userId: "bob" } as const;

test("ClaimServer appoints the first architect, once", () => {
  given(architects)
    .when({ type: "ClaimServer", userId: "ada" })
    .then("appointed", appointed("ada", true));
  given(architects, appointed("ada", true))
    .when({ type: "ClaimServer", userId: "ada" })
    .then("appointed");
  given(architects, appointed("ada", true))
    .when({ type: "ClaimServer", userId: "eve" })
    .then("already_claimed");
});

test("AppointArchitect is an architect's to do", () => {
  given(architects)
    .when({ type: "AppointArchitect", userId: "bob", by: "ada" })
    .then("not_an_architect");
  given(architects, appointed("ada", true))
    .when({ type: "AppointArchitect", userId: "bob", by: "ada" })
    .then("appointed", appointed("bob"));
  given(architects, appointed("ada", true), appointed("bob"))
    .when({ type: "AppointArchitect", userId: "bob", by: "ada" })
    .then("appointed");
});

test("DismissArchitect never leaves the server without one", () => {
  given(architects, appointed("ada", true))
    .when({ type: "DismissArchitect", userId: "ada", by: "ada" })
    .then("not_oneself");
  given(architects, appointed("ada", true), appointed("bob"))
    .when({ type: "DismissArchitect", userId: "bob", by: "ada" })
    .then("dismissed", dismissed);
  given(architects, appointed("ada", true), appointed("bob"), dismissed)
    .when({ type: "DismissArchitect", userId: "ada", by: "bob" })
    .then("not_an_architect");
});

test("DismissArchitect sent again appends nothing", () => {
  given(architects, appointed("ada", true), appointed("bob"), dismissed)
    .when({ type: "DismissArchitect", userId: "bob", by: "ada" })
    .then("dismissed");
});

test("AppointByOperator needs no architect's word, but a server that has one", () => {
  given(architects).when({ type: "AppointByOperator", userId: "bob" }).then("not_an_architect");
  given(architects, appointed("ada", true))
    .when({ type: "AppointByOperator", userId: "bob" })
    .then("appointed", appointed("bob"));
  given(architects, appointed("ada", true))
    .when({ type: "AppointByOperator", userId: "ada" })
    .then("appointed");
});

test("DismissUnfitArchitect needs nobody's word, and never leaves the server without one", () => {
  const unfit = { type: "DismissUnfitArchitect", userId: "bob" } as const;
  given(architects, appointed("ada", true), appointed("bob"))
    .when(unfit)
    .then("dismissed", dismissed);
  given(architects, appointed("ada", true), appointed("bob"), dismissed)
    .when(unfit)
    .then("dismissed");
  given(architects, appointed("ada", true))
    .when({ ...unfit, userId: "ada" })
    .then("last_architect");
});
