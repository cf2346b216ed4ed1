import { expect, test } from "vitest";
import { sealed, userId } from "../../adapters/codec/samples.ts";
import { newcomers } from "../../projections/newcomers.ts";
import { at, rowAt } from "./fold.ts";

const requested = { type: "MailRequested", purpose: "magic-link", userId, email: sealed } as const;

test("a link to somebody without an account waits until it lapses", () => {
  const asked = at("mail-one", { ...requested, newcomer: true });
  const row = rowAt(newcomers, "one", asked);
  expect(row).toEqual({ id: "one", userId, requestedAt: asked.at });
  expect(rowAt(newcomers, "one", asked, at("mail-one", { type: "MailLapsed" }))).toBeUndefined();
});

test("a mail to a person touches no row", () => {
  expect(newcomers.keys(at("mail-one", requested))).toEqual([]);
});
