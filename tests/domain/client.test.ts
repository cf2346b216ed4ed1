import { describe, expect, test } from "vitest";
import {
  type ClientCommand,
  type ClientEvent,
  type ClientMetadata,
  client,
  DEFAULTS,
  type MetadataChanges,
} from "../../domain/client/mod.ts";
import { given } from "../support/given.ts";

const web: ClientMetadata = {
  ...DEFAULTS.web,
  name: "Shop",
  redirectUris: ["https://shop.example.com/callback"],
  postLogoutRedirectUris: [],
  previewRedirectUris: [],
  origins: [],
  scopes: [],
  skipConsent: false,
  accessPolicy: "all",
  lifetimes: {},
};
const machine: ClientMetadata = { ...web, ...DEFAULTS.machine, redirectUris: [] };
const spa: ClientMetadata = { ...web, ...DEFAULTS.spa };
const secretOf = (id: string) => ({ id: `client-secret:${id}`, digest: "0".repeat(64) });
const register = (metadata: ClientMetadata, kind: "web" | "spa" | "machine" = "web") =>
  ({
    type: "RegisterClient",
    kind,
    metadata,
    trusting: false,
    secret: { secretId: "first", secret: secretOf("first") },
  }) satisfies ClientCommand;
const registered = (metadata: ClientMetadata, kind: "web" | "spa" | "machine" = "web") =>
  ({ type: "ClientRegistered", kind, ...metadata }) satisfies ClientEvent;
const revise = (changes: MetadataChanges, trusting = false) =>
  ({ type: "ReviseClient", changes, trusting }) satisfies ClientCommand;
const done = { type: "done" } as const;
const issue = (secretId: string) =>
  ({ type: "IssueSecret", secretId, secret: secretOf(secretId) }) satisfies ClientCommand;
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
    given(client, registered(web)).when({ type: "DisableClient" }).then(done, off);
    given(client, registered(web), off).when({ type: "DisableClient" }).then(done);
    given(client, registered(web), off).when({ type: "EnableClient" }).then(done, on);
    given(client, registered(web)).when({ type: "EnableClient" }).then(done);
    given(client, registered(web)).when({ type: "RemoveClient" }).then(done, removed);
    given(client, registered(web), removed).when({ type: "RemoveClient" }).then(done);
    given(client, registered(web), removed)
      .when({ type: "EnableClient" })
      .then({ type: "unknown_client" });
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
        { type: "ClientRevised", ...next },
        { type: "ClientSecretRevoked", secretId: "a" },
      );
  });

  test("gets scopes of our API and skips consent by an architect alone, and keeps them", () => {
    const scoped = { ...machine, scopes: ["users:read"] };
    const trusted = { ...web, skipConsent: true };
    const refused = (member: "scopes" | "skipConsent") =>
      ({ type: "not_trusting", member }) as const;
    given(client).when(register(scoped, "machine")).then(refused("scopes"));
    given(client).when(register(trusted)).then(refused("skipConsent"));
    given(client)
      .when({ ...register(scoped, "machine"), trusting: true })
      .then(done, registered(scoped, "machine"), issued("first"));
    const renamed = { ...scoped, name: "Robot" };
    given(client, registered(scoped, "machine"))
      .when(revise(renamed))
      .then(done, { type: "ClientRevised", ...renamed });
    given(client, registered(scoped, "machine"))
      .when(revise({ ...scoped, scopes: ["users:read", "users:write"] }))
      .then(refused("scopes"));
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
    ["lifetimes", "web", { lifetimes: { accessToken: 59 } }],
    ["lifetimes", "web", { lifetimes: { refreshToken: 2_592_001 } }],
    ["logoUri", "web", { logoUri: "javascript:alert(1)" }],
    ["backchannelLogoutUri", "web", { backchannelLogoutUri: "http://shop.example.com/out" }],
  ] as const)("is refused by %s where it does not fit a %s: %j", (member, kind, changed) => {
    const base = { web, spa, machine }[kind];
    given(client)
      .when(register({ ...base, ...changed }, kind))
      .then({ type: "misfit", member });
  });
});

test("what is given to a client is kept as it was given", () => {
  const state = client.evolve(client.initial, registered(web));
  expect(state).toEqual({ status: "enabled", kind: "web", metadata: web, secrets: [] });
});
