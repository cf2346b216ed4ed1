import { expect, test } from "vitest";
import { catalogue } from "../../adapters/codec/catalogue.ts";
import { summaryOf } from "../../api/ledger/summaries.ts";
import type { JsonObject } from "../../domain/json.ts";

const said = (type: string, data: JsonObject, by?: string) => summaryOf({ type, data }, by);

test.each(catalogue().map(({ type, sample }) => [type, sample as JsonObject] as const))(
  "%s is said in a sentence that gives away no sealed value and names no member",
  (type, sample) => {
    const sentence = said(type, sample, "Ada Lovelace");
    expect(sentence).toMatch(/^[A-Z0-9].+, by Ada Lovelace\.$/);
    expect(sentence).not.toContain(type);
    expect(sentence).not.toMatch(/undefined|\[object|NaN|null/);
  },
);

test("no two types are said alike", () => {
  const sentences = catalogue().map(({ type, sample }) => said(type, sample as JsonObject));
  expect(new Set(sentences).size).toBe(sentences.length);
});

test.each([
  ["UserSignedUp", { email: "ada@example.org" }, undefined, "Signed up with ada@example.org."],
  ["RoleGranted", { role: "manager" }, "Ada Lovelace", "Given the role manager, by Ada Lovelace."],
  [
    "UserBlocked",
    { reason: "spam", until: "2027-05-03T14:05:00.000Z" },
    "the server",
    "Blocked until 3 May 2027, 14:05 UTC: spam, by the server.",
  ],
  ["UserBlocked", {}, undefined, "Blocked."],
  [
    "ProfileRevised",
    { name: "Ada", bio: null },
    undefined,
    "Profile changed: name Ada, bio cleared.",
  ],
  ["UsernameChosen", { username: { erased: true } }, undefined, "Chose the username (erased)."],
  ["FromTheFuture", {}, undefined, "FromTheFuture"],
] as const)("%s of %j by %s reads: %4$s", (type, data, by, sentence) => {
  expect(said(type, data as JsonObject, by)).toBe(sentence);
});

test("who came by an import was imported, and by nobody's command", () => {
  const imported = { type: "UserCreated", data: { roles: ["user"] }, actor: "operator:import" };
  expect(summaryOf(imported, "the operator")).toBe("Was imported with the roles user.");
  expect(summaryOf({ ...imported, actor: "user:ada" }, "Ada")).toMatch(/^Account created/);
});
