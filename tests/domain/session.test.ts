import { expect, test } from "vitest";
import { mayImpersonate, session } from "../../domain/session/mod.ts";
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

const second = { id: "session:1", digest: "d2" };
const elevate = {
  type: "ElevateSession",
  method: "password",
  from: started.credential,
  credential: second,
} as const;
const elevated = { type: "SessionElevated", method: "password", credential: second } as const;

test("ElevateSession exchanges the credential once, for whoever holds the newest", () => {
  given(session, started).when(elevate).then("elevated", elevated);
  given(session, started, elevated).when(elevate).then("elevated");
  given(session, started, elevated)
    .when({ ...elevate, credential: { id: "session:1", digest: "d3" } })
    .then("outdated_credential");
  given(session).when(elevate).then("unknown_session");
  given(session, started, ended).when(elevate).then("ended");
});

test("ExchangeCredential does so without a proof", () => {
  const { method: _, ...rest } = elevate;
  const exchange = { ...rest, type: "ExchangeCredential" } as const;
  const exchanged = { type: "CredentialExchanged", credential: second } as const;
  given(session, started).when(exchange).then("exchanged", exchanged);
  given(session, started, exchanged).when(exchange).then("exchanged");
  given(session, started, exchanged)
    .when({ ...exchange, credential: { id: "session:1", digest: "d3" } })
    .then("outdated_credential");
  given(session, started, ended).when(exchange).then("ended");
});

test("ElevateSession refuses a session in another's name", () => {
  const impersonator = { userId: "eve", sessionId: "s0" };
  given(session, { ...started, impersonator })
    .when(elevate)
    .then("impersonated");
});

test.each([
  ["architect", ["architect"], ["user"], true],
  ["architect", ["architect"], ["admin"], true],
  ["architect", ["architect"], ["guest"], true],
  ["an equal", ["architect"], ["architect"], false],
  ["admin", ["user", "admin"], ["user", "buyer"], true],
  ["admin", ["admin"], ["guest"], true],
  ["an equal", ["admin"], ["user", "admin"], false],
  ["who watches", ["admin"], ["auditor"], false],
  ["who owns", ["admin"], ["architect"], false],
  ["an auditor", ["auditor"], ["user"], false],
  ["anybody", ["user"], ["user"], false],
])("nobody acts in the name of somebody of higher or equal rank: %s", (_, by, target, may) => {
  expect(mayImpersonate(by, target)).toBe(may);
});
