import { describe, test } from "vitest";
import { provider } from "../../domain/provider/mod.ts";
import { given } from "../support/given.ts";

const secret = { id: "provider-secret:1", digest: "d1" };
const other = { id: "provider-secret:2", digest: "d2" };
const metadata = {
  name: "Acme",
  clientId: "authledger",
  scopes: ["openid", "email"],
  authMethod: "client_secret_basic",
} as const;
const issuer = "https://id.acme.example";
const open = {
  type: "OpenProvider",
  id: "acme",
  by: "architect",
  issuer,
  ...metadata,
  secret,
} as const;
const opened = {
  type: "ProviderOpened",
  issuer,
  ...metadata,
  origin: "architect",
  secret,
} as const;
const closed = { type: "ProviderClosed" } as const;
const revise = { type: "ReviseProvider", by: "architect", changes: {} } as const;
const close = { type: "CloseProvider", by: "architect" } as const;

describe("OpenProvider", () => {
  test("opens once", () => {
    given(provider).when(open).then("opened", opened);
    given(provider, opened).when(open).then("opened");
    given(provider, opened)
      .when({ ...open, secret: other })
      .then("already_open");
  });

  test("an id is one issuer's for ever: its subjects are whom people are linked as", () => {
    given(provider, opened, closed).when(open).then("opened", opened);
    given(provider, opened, closed)
      .when({ ...open, issuer: "https://id.evil.example" })
      .then("other_issuer");
  });

  test.each(["Acme", "", "-acme", "password", "configured", "a".repeat(65), "a b"])(
    "refuses the id %j",
    (id) => {
      given(provider)
        .when({ ...open, id })
        .then("invalid_id");
    },
  );

  test.each([
    "http://id.acme.example",
    "ftp://id.acme.example",
    "https://user@id.acme.example",
    "https://id.acme.example/?tenant=1",
    "https://id.acme.example/#top",
    "https://id.acme.example/../a",
    "https://ID.acme.example",
    "acme",
    "javascript:alert(1)",
    `https://id.acme.example/${"a".repeat(512)}`,
  ])("refuses the issuer %j", (wrong) => {
    given(provider)
      .when({ ...open, issuer: wrong })
      .then("invalid_issuer");
  });

  test.each(["https://id.acme.example/", "https://id.acme.example/t/1", "http://localhost:4001"])(
    "takes the issuer %j",
    (right) => {
      given(provider)
        .when({ ...open, issuer: right })
        .then("opened", { ...opened, issuer: right });
    },
  );

  test("asks for openid, each scope once, and for a secret exactly where one proves us", () => {
    for (const scopes of [["email"], ["openid", "openid"], ["openid", "a b"]]) {
      given(provider)
        .when({ ...open, scopes })
        .then("invalid_scope");
    }
    const { secret: _, ...without } = open;
    given(provider).when(without).then("secret_misfit");
    given(provider)
      .when({ ...open, authMethod: "none" })
      .then("secret_misfit");
  });
});

describe("ReviseProvider", () => {
  test("changes what is named; the secret stays unless there is a new one", () => {
    const { issuer: _, type: __, ...told } = opened;
    const revised = { type: "ProviderRevised", ...told } as const;
    given(provider, opened)
      .when({ ...revise, changes: { name: "ACME" } })
      .then("revised", { ...revised, name: "ACME" });
    given(provider, opened)
      .when({ ...revise, secret: other })
      .then("revised", { ...revised, secret: other });
    given(provider, opened).when(revise).then("revised");
    given(provider).when(revise).then("unknown_provider");
    given(provider, opened, closed).when(revise).then("unknown_provider");
    const { secret: ___, ...open_ } = revised;
    given(provider, opened)
      .when({ ...revise, changes: { authMethod: "none" } })
      .then("revised", { ...open_, authMethod: "none" });
  });
});

describe("CloseProvider", () => {
  test("closes, once", () => {
    given(provider, opened).when(close).then("closed", closed);
    given(provider, opened, closed).when(close).then("closed");
    given(provider).when(close).then("unknown_provider");
  });

  test("what the environment opened, it alone revises and closes", () => {
    const byEnvironment = { ...opened, origin: "environment" } as const;
    given(provider, byEnvironment).when(close).then("from_environment");
    given(provider, byEnvironment).when(revise).then("from_environment");
    given(provider, byEnvironment)
      .when({ ...close, by: "environment" })
      .then("closed", closed);
  });
});
