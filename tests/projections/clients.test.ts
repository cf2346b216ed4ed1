import { expect, test } from "vitest";
import type { ClientEvent } from "../../domain/client/mod.ts";
import { clients } from "../../projections/clients.ts";
import type { Recorded } from "../../projections/projection.ts";
import { web } from "../domain/a-client.ts";
import { at, rowAt } from "./fold.ts";

const secret = { id: "client-secret:1", digest: "0".repeat(64) };
const registered = at("client-c1", { type: "ClientRegistered", kind: "web", ...web });
const later = { at: "2026-11-22T00:00:00.000Z" };
const born = {
  clientId: "c1",
  type: "web",
  status: "enabled",
  ...web,
  registeredAt: registered.at,
  revisedAt: registered.at,
  secrets: [],
};
const rowOf = (...events: ReadonlyArray<Recorded<ClientEvent>>) => rowAt(clients, "c1", ...events);

test("a client is what was registered last, without the facts of an event's place", () => {
  expect(rowOf(registered)).toEqual(born);
  const logoUri = "https://shop.example.com/logo.svg";
  const revised = at("client-c1", { type: "ClientRevised", ...web, logoUri }, later);
  expect(rowOf(registered, revised)).toEqual({ ...born, logoUri, revisedAt: later.at });
  const again = at("client-c1", { type: "ClientRevised", ...web }, later);
  expect(rowOf(registered, revised, again)).toEqual({ ...born, revisedAt: later.at });
});

test("its secrets come and go, and it is switched off and on", () => {
  const issued = at("client-c1", { type: "ClientSecretIssued", secretId: "s1", secret });
  const revoked = at("client-c1", { type: "ClientSecretRevoked", secretId: "s1" });
  const [off, on] = [
    at("client-c1", { type: "ClientDisabled" }),
    at("client-c1", { type: "ClientEnabled" }),
  ];
  const kept = [{ id: "s1", secret, issuedAt: issued.at }];
  expect(rowOf(registered, issued, off)).toEqual({ ...born, secrets: kept, status: "disabled" });
  expect(rowOf(registered, issued, revoked, off, on)).toEqual(born);
});

test("a removed one is no row, nor is what nobody registered", () => {
  const removed = at("client-c1", { type: "ClientRemoved" });
  expect(rowOf(registered, removed)).toBeUndefined();
  expect(rowOf(at("client-c1", { type: "ClientEnabled" }))).toBeUndefined();
});
