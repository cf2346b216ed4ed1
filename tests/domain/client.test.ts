import { describe, expect, test } from "vitest";
import {
  type ClientCommand,
  type ClientEvent,
  type ClientMetadata,
  type ClientType,
  client,
  DEFAULTS,
  type MetadataChanges,
} from "../../domain/client/mod.ts";
import { given } from "../support/given.ts";
import { web } from "./a-client.ts";

const machine: ClientMetadata = { ...web, ...DEFAULTS.machine, redirectUris: [] };
const spa: ClientMetadata = { ...web, ...DEFAULTS.spa };
const secretOf = (id: string) => ({ id: `client-secret:${id}`, digest: "0".repeat(64) });
const register = (metadata: ClientMetadata, kind: ClientType = "web") =>
  ({
    type: "RegisterClient",
    kind,
    metadata,
    trusting: false,
    secret: { secretId: "first", secret: secretOf("first") },
  }) satisfies ClientCommand;
const registered = (metadata: ClientMetadata, kind: ClientType = "web") =>
  ({ type: "ClientRegistered", kind, ...metadata }) satisfies ClientEvent;
const revise = (changes: MetadataChanges, trusting = false) =>
  ({ type: "ReviseClient", changes, trusting }) satisfies ClientCommand;
const turn = (disabled: boolean, trusting = false) =>
  ({ type: "ReviseClient", changes: {}, disabled, trusting }) satisfies ClientCommand;
const done = { type: "done" } as const;
const issue = (secretId: string, trusting = false) =>
  ({
    type: "IssueSecret",
    secretId,
    secret: secretOf(secretId),
    trusting,
  }) satisfies ClientCommand;
const issued = (secretId: string) =>
  ({ type: "ClientSecretIssued", secretId, secret: secretOf(secretId) }) satisfies ClientEvent;

describe("a client", () => {
  test("is registered once, the same way again is the same", () => {
    given(client).when(register(web)).then(done, registered(web), issued("first"));
    given(client).when(register(spa, "spa")).then(done, registered(spa, "spa"));
    given(client, registered(web)).when(register(web)).then(done);
    given(client, registered(web))
      .when(register({ ...web, name: "Other" }))
      .then({ type: "already_registered" });
  });

  test("is revised where something changes, and recorded as a whole", () => {
    const next = { ...web, name: "Market" };
    given(client, registered(web))
      .when(revise(next))
      .then(done, { type: "ClientRevised", ...next });
    given(client, registered(web)).when(revise(web)).then(done);
    given(client, registered(web)).when(revise({})).then(done);
    const logoUri = "https://shop.example.com/logo.svg";
    given(client, registered({ ...web, logoUri }))
      .when(revise({ logoUri: null }))
      .then(done, { type: "ClientRevised", ...web });
    given(client).when(revise(web)).then({ type: "unknown_client" });
  });

  test("is disabled at once, enabled again, and once removed never comes back", () => {
    const [off, on] = [{ type: "ClientDisabled" }, { type: "ClientEnabled" }] as const;
    const removed = { type: "ClientRemoved" } as const;
    given(client, registered(web)).when(turn(true)).then(done, off);
    given(client, registered(web), off).when(turn(true)).then(done);
    given(client, registered(web), off).when(turn(false)).then(done, on);
    given(client, registered(web)).when(turn(false)).then(done);
    const both = { ...revise({ name: "Market" }), disabled: true };
    given(client, registered(web))
      .when(both)
      .then(done, { type: "ClientRevised", ...web, name: "Market" }, off);
    given(client, registered(web)).when({ type: "RemoveClient" }).then(done, removed);
    given(client, registered(web), removed).when({ type: "RemoveClient" }).then(done);
    given(client, registered(web), removed).when(turn(false)).then({ type: "unknown_client" });
    given(client, registered(web), removed)
      .when(register(web))
      .then({ type: "already_registered" });
  });

  test("has two secrets at most, each revoked by itself", () => {
    given(client, registered(web)).when(issue("a")).then(done, issued("a"));
    given(client, registered(web), issued("a")).when(issue("a")).then(done);
    given(client, registered(web), issued("a"), issued("b"))
      .when(issue("c"))
      .then({ type: "too_many_secrets" });
    given(client, registered(web), issued("a"), issued("b"))
      .when({ type: "RevokeSecret", secretId: "a" })
      .then(done, { type: "ClientSecretRevoked", secretId: "a" });
    given(client, registered(web))
      .when({ type: "RevokeSecret", secretId: "a" })
      .then({ type: "unknown_secret" });
    const revoked = { type: "ClientSecretRevoked", secretId: "a" } as const;
    given(client, registered(web), issued("a"), revoked)
      .when({ type: "RevokeSecret", secretId: "a" })
      .then(done);
    given(client, registered(web), issued("a"), revoked)
      .when(issue("a"))
      .then({ type: "revoked_secret" });
    given(client, registered(spa, "spa")).when(issue("a")).then({ type: "keeps_no_secret" });
  });

  test("that proves itself by a key from now on loses its secrets", () => {
    const next: ClientMetadata = {
      ...web,
      tokenEndpointAuthMethod: "private_key_jwt",
      jwksUri: "https://shop.example.com/jwks",
    };
    given(client, registered(web), issued("a"))
      .when(revise(next))
      .then(
        done,
        { type: "ClientSecretRevoked", secretId: "a" },
        { type: "ClientRevised", ...next },
      );
  });

  const notTrusting = { type: "not_trusting" } as const;
  const scoped: ClientMetadata = { ...machine, scopes: ["users:read", "users:write"] };
  const trusted: ClientMetadata = { ...web, skipConsent: true };

  test("gets scopes of our API, and spares people consent, by an architect alone", () => {
    given(client).when(register(scoped, "machine")).then(notTrusting);
    given(client).when(register(trusted)).then(notTrusting);
    given(client)
      .when({ ...register(scoped, "machine"), trusting: true })
      .then(done, registered(scoped, "machine"), issued("first"));
    given(client, registered(machine, "machine"))
      .when(revise({ scopes: ["users:read"] }))
      .then(notTrusting);
    given(client, registered(web))
      .when(revise({ skipConsent: true }))
      .then(notTrusting);
  });

  test.each([
    { name: "Robot" },
    { logoUri: "https://shop.example.com/logo.svg" },
    { scopes: ["users:read"] },
    { scopes: [] },
  ])("that is trusted is dressed and reduced by whoever administers: %j", (changes) => {
    given(client, registered(scoped, "machine"))
      .when(revise(changes))
      .then(done, { type: "ClientRevised", ...scoped, ...changes });
  });

  test.each<Partial<ClientMetadata>>([
    { redirectUris: ["https://evil.example/callback"] },
    { previewRedirectUris: [{ uri: "https://evil.example/callback", expiresAt: "" }] },
    { tokenEndpointAuthMethod: "private_key_jwt", jwksUri: "https://evil.example/jwks" },
    { origins: ["https://evil.example"] },
    { grantTypes: ["authorization_code", "refresh_token", "client_credentials"] },
    { redirectUris: ["https://evil.example/callback"], name: "Shop" },
  ])("that is trusted is given to nobody else but by an architect: %j", (changes) => {
    given(client, registered(trusted)).when(revise(changes)).then(notTrusting);
    given(client, registered(trusted))
      .when(revise(changes, true))
      .then(done, { type: "ClientRevised", ...trusted, ...changes });
  });

  test("that is trusted gets secrets and is enabled by an architect alone", () => {
    const off = { type: "ClientDisabled" } as const;
    given(client, registered(scoped, "machine")).when(issue("a")).then(notTrusting);
    given(client, registered(scoped, "machine")).when(issue("a", true)).then(done, issued("a"));
    given(client, registered(scoped, "machine")).when(turn(true)).then(done, off);
    given(client, registered(scoped, "machine"), off).when(turn(false)).then(notTrusting);
    given(client, registered(scoped, "machine"), off)
      .when(turn(false, true))
      .then(done, { type: "ClientEnabled" });
  });

  test("of other rules is disabled all the same", () => {
    const old = registered({ ...web, redirectUris: ["http://shop.example.com/callback"] });
    given(client, old).when(turn(true)).then(done, { type: "ClientDisabled" });
    given(client, old)
      .when(revise({ name: "Market" }))
      .then({ type: "misfit", member: "redirectUris" });
  });

  test.each([
    ["tokenEndpointAuthMethod", "web", { tokenEndpointAuthMethod: "none" }],
    ["tokenEndpointAuthMethod", "spa", { tokenEndpointAuthMethod: "client_secret_basic" }],
    ["grantTypes", "spa", { grantTypes: ["client_credentials"] }],
    ["grantTypes", "machine", { grantTypes: ["authorization_code"] }],
    ["grantTypes", "web", { grantTypes: [] }],
    ["grantTypes", "web", { grantTypes: ["client_credentials", "refresh_token"] }],
    ["redirectUris", "web", { redirectUris: [] }],
    ["redirectUris", "machine", { redirectUris: ["https://shop.example.com/"] }],
    ["redirectUris", "web", { redirectUris: ["http://shop.example.com/callback"] }],
    ["redirectUris", "web", { redirectUris: ["com.example.shop:/callback"] }],
    ["postLogoutRedirectUris", "web", { postLogoutRedirectUris: ["/bye"] }],
    [
      "previewRedirectUris",
      "web",
      { previewRedirectUris: [{ uri: "https://*.x", expiresAt: "" }] },
    ],
    ["origins", "web", { origins: ["https://shop.example.com/"] }],
    ["jwksUri", "web", { tokenEndpointAuthMethod: "private_key_jwt" }],
    ["jwksUri", "web", { jwksUri: "http://shop.example.com/jwks" }],
    ["skipConsent", "native", { skipConsent: true }],
    ["lifetimes", "web", { lifetimes: { accessToken: 59 } }],
    ["lifetimes", "web", { lifetimes: { refreshToken: 2_592_001 } }],
    ["logoUri", "web", { logoUri: "javascript:alert(1)" }],
    ["backchannelLogoutUri", "web", { backchannelLogoutUri: "http://shop.example.com/out" }],
  ] as const)("is refused by %s where it does not fit a %s: %j", (member, kind, changed) => {
    const base = { web, spa, machine, native: { ...spa, ...DEFAULTS.native } }[kind];
    given(client)
      .when(register({ ...base, ...changed }, kind))
      .then({ type: "misfit", member });
  });
});

test("what is given to a client is kept as it was given", () => {
  const state = client.evolve(client.initial, registered(web));
  const none = { secrets: [], revoked: [] };
  expect(state).toEqual({ status: "enabled", kind: "web", metadata: web, ...none });
});
