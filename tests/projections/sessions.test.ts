import { expect, test } from "vitest";
import { sessions } from "../../projections/sessions.ts";
import { at, rowAt } from "./fold.ts";

const [t1, t2, t3] = [1, 2, 3].map((second) => `2026-11-21T00:00:0${second}.000Z`) as [
  string,
  string,
  string,
];
const facts = {
  userId: "ada",
  method: "sign-up",
  credential: { id: "session:s1", digest: "d1" },
  expiresAt: "2027-02-19T00:00:00.000Z",
} as const;
const started = at("session-s1", { type: "SessionStarted", ...facts }, { at: t1, position: 7 });
const ended = at("session-s1", { type: "SessionEnded", reason: "blocked" }, { at: t2 });

test("a session is live until it ends, and stays with its end", () => {
  const live = rowAt(sessions, "s1", started);
  expect(live).toStrictEqual({ id: "s1", ...facts, startedAt: t1, position: 7 });
  expect(live && sessions.index(live)).toEqual({
    sort: t1,
    tags: ["user:ada", "live:ada", "live-since:2026-11-21"],
  });
  const over = rowAt(sessions, "s1", started, ended);
  expect(over).toStrictEqual({
    id: "s1",
    ...facts,
    startedAt: t1,
    position: 7,
    endedAt: t2,
    endReason: "blocked",
  });
  expect(over && sessions.index(over)).toEqual({ sort: t1, tags: ["user:ada"] });
});

test("the first end stays, and an end without a start makes no row", () => {
  const again = at("session-s1", { type: "SessionEnded", reason: "erased" }, { at: t3 });
  expect(rowAt(sessions, "s1", started, ended, again)).toEqual(
    rowAt(sessions, "s1", started, ended),
  );
  expect(rowAt(sessions, "s1", ended)).toBeUndefined();
});

test("an elevation exchanges the credential of a live session, not of one that is over", () => {
  const credential = { id: "session:s1", digest: "d2" };
  const elevated = { type: "SessionElevated", method: "password", credential } as const;
  const at2 = at("session-s1", elevated, { at: t2 });
  expect(rowAt(sessions, "s1", started, at2)).toMatchObject({ credential, elevatedAt: t2 });
  expect(rowAt(sessions, "s1", started, ended, at2)).toEqual(rowAt(sessions, "s1", started, ended));
});

test("a session in another's name is found among those while it is live", () => {
  const impersonator = { userId: "eve", sessionId: "s0" };
  const begun = at("session-s1", { type: "SessionStarted", ...facts, impersonator });
  const live = rowAt(sessions, "s1", begun);
  expect(live).toMatchObject({ impersonator });
  expect(live && sessions.index(live).tags).toContain("live-impersonation");
  const over = rowAt(sessions, "s1", begun, ended);
  expect(over && sessions.index(over).tags).toEqual(["user:ada"]);
});
