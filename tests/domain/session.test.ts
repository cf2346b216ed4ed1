import { test } from "vitest";
import { session } from "../../domain/session/mod.ts";
import { given } from "../support/given.ts";

const started = {
  type: "SessionStarted",
  userId: "ada",
  method: "password",
  credential: { id: "session:1", digest: "d1" },
  expiresAt: "2027-02-19T00:00:00.000Z",
} as const;
const start = { ...started, type: "StartSession" } as const;
const signOut = { type: "EndSession", reason: "signed-out" } as const;
const ended = { type: "SessionEnded", reason: "signed-out" } as const;

test("StartSession starts it once", () => {
  given(session).when(start).then("started", started);
  given(session, started).when(start).then("started");
});

test("StartSession refuses an id in use, by another person or credential, or ended", () => {
  given(session, started)
    .when({ ...start, userId: "eve" })
    .then("already_exists");
  given(session, started)
    .when({ ...start, credential: { id: "session:1", digest: "d2" } })
    .then("already_exists");
  given(session, started, ended).when(start).then("already_exists");
});

test("EndSession ends it once, and the first reason stays", () => {
  given(session).when(signOut).then("unknown_session");
  given(session, started).when(signOut).then("ended", ended);
  given(session, started, ended).when({ type: "EndSession", reason: "erased" }).then("ended");
});
