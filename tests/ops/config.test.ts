import * as Redacted from "effect/Redacted";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { variables } from "../../ops/config/variables.ts";
import { type Config, readConfig } from "../../ops/config.ts";
import { UsageError } from "../../ops/usage-error.ts";

const secret = Buffer.alloc(32, 7).toString("base64");
const hidden = "(value not shown)";

const configOf = (environment: Record<string, string>): Config => {
  const config = readConfig(environment, "/srv/authledger");
  if (config instanceof UsageError) throw config;
  return config;
};

const linesOf = (environment: Record<string, string>): ReadonlyArray<string> => {
  const config = readConfig(environment, "/srv/authledger");
  return config instanceof UsageError ? config.lines : [];
};

test("without any variable everything is local and open", () => {
  expect(configOf({})).toEqual({
    host: "127.0.0.1",
    port: 4000,
    url: "http://localhost:4000",
    publicUrl: false,
    defaultUrl: true,
    origins: [],
    providers: [],
    dataFolder: "/srv/authledger/data",
    store: { kind: "pglite" },
    secrets: [],
    signUp: "open",
    pages: true,
    brand: {},
    verifyEmail: "before-tokens",
    outboundAllow: [],
    trustProxy: [],
    logLevel: "info",
    warnings: [],
  });
});

test("a public address closes sign-up and takes its secrets newest first", () => {
  const older = Buffer.alloc(40, 9).toString("hex");
  const config = configOf({
    AUTHLEDGER_URL: "https://id.example.com/",
    AUTHLEDGER_SECRET: `${secret}, ${older}`,
    DATABASE_URL: "postgres://ledger:pw@db/authledger",
  });
  expect(config).toMatchObject({
    url: "https://id.example.com",
    publicUrl: true,
    defaultUrl: false,
    signUp: "invited",
  });
  expect(config.secrets.map(Redacted.value)).toEqual([
    new Uint8Array(32).fill(7),
    new Uint8Array(40).fill(9),
  ]);
  expect(config.store.kind).toBe("postgres");
  expect(JSON.stringify(config)).not.toMatch(/pw@db|BwcHBwcH/);
});

test.each([
  ["http://localhost:9", false],
  ["http://127.0.0.1", false],
  ["http://[::1]:4000", false],
])("%s is local", (AUTHLEDGER_URL, publicUrl) => {
  expect(configOf({ AUTHLEDGER_URL }).publicUrl).toBe(publicUrl);
});

test("the default address follows the port", () => {
  expect(configOf({ PORT: "4321" })).toMatchObject({ port: 4321, url: "http://localhost:4321" });
});

test("an empty variable counts as not set", () => {
  expect(configOf(Object.fromEntries(Object.keys(variables).map((name) => [name, ""])))).toEqual(
    configOf({}),
  );
});

test.each([
  [{ AUTHLEDGER_STORE: "pglite" }, "pglite"],
  [{ AUTHLEDGER_STORE: "memory" }, "memory"],
  [{}, "postgres"],
  [{ AUTHLEDGER_STORE: "postgres" }, "postgres"],
])("with a DATABASE_URL and %j the store is %s", (environment, kind) => {
  const store = configOf({ DATABASE_URL: "postgresql://db/x", ...environment }).store;
  expect(store.kind).toBe(kind);
});

const ten = "expected a whole number from 0 to 65535";
const bytes = "expected at least 32 bytes in base64 or hex, commas between several";
const host = 'expected scheme and host alone, such as "https://id.example.com"';

test.each<readonly [Record<string, string>, string]>([
  [{ PORT: "http" }, `Cannot use PORT "http": ${ten}`],
  [{ PORT: "65536" }, `Cannot use PORT "65536": ${ten}`],
  [{ PORT: "-1" }, `Cannot use PORT "-1": ${ten}`],
  [{ HOST: "a b" }, 'Cannot use HOST "a b": expected a host name or an address'],
  [{ AUTHLEDGER_URL: "id" }, `Cannot use AUTHLEDGER_URL "id": ${host}`],
  [
    { AUTHLEDGER_URL: "http://localhost:1/x" },
    `Cannot use AUTHLEDGER_URL "http://localhost:1/x": ${host}`,
  ],
  [
    { AUTHLEDGER_URL: "http://id.example.com", AUTHLEDGER_SECRET: secret },
    'Cannot use AUTHLEDGER_URL "http://id.example.com": expected https on a public address',
  ],
  [
    { AUTHLEDGER_URL: "https://id.example.com" },
    "Cannot serve https://id.example.com without AUTHLEDGER_SECRET: expected it to be set",
  ],
  [
    {
      AUTHLEDGER_URL: "https://id.example.com",
      AUTHLEDGER_SECRET: secret,
      AUTHLEDGER_VERIFY_EMAIL: "before-sign-in",
    },
    "Cannot use AUTHLEDGER_VERIFY_EMAIL before-sign-in: expected SMTP_URL to be set, " +
      "for an address is proved by mail",
  ],
  [{ AUTHLEDGER_SECRET: "changeme" }, `Cannot use AUTHLEDGER_SECRET ${hidden}: ${bytes}`],
  [{ AUTHLEDGER_SECRET: `${secret},` }, `Cannot use AUTHLEDGER_SECRET ${hidden}: ${bytes}`],
  [{ AUTHLEDGER_SECRET: "ab".repeat(31) }, `Cannot use AUTHLEDGER_SECRET ${hidden}: ${bytes}`],
  [
    { AUTHLEDGER_SETUP_TOKEN: "123456789012345" },
    `Cannot use AUTHLEDGER_SETUP_TOKEN ${hidden}: expected at least 16 characters`,
  ],
  [
    { AUTHLEDGER_STORE: "mysql" },
    'Cannot use AUTHLEDGER_STORE "mysql": expected memory, pglite, postgres or kurrentdb',
  ],
  [
    { AUTHLEDGER_STORE: "kurrentdb" },
    "Cannot use AUTHLEDGER_STORE kurrentdb: it comes with a later version",
  ],
  [
    { AUTHLEDGER_STORE: "postgres" },
    "Cannot use AUTHLEDGER_STORE postgres: expected DATABASE_URL to be set",
  ],
  [
    { DATABASE_URL: "mysql://root:pw@db" },
    `Cannot use DATABASE_URL ${hidden}: expected a URL that starts with ` +
      "postgres:// or postgresql://",
  ],
  [
    { AUTHLEDGER_SIGNUP: "yes" },
    'Cannot use AUTHLEDGER_SIGNUP "yes": expected open, invited or closed',
  ],
  [
    { AUTHLEDGER_OUTBOUND_ALLOW: "::ffff:10.0.0.0/8" },
    'Cannot use AUTHLEDGER_OUTBOUND_ALLOW "::ffff:10.0.0.0/8": ' +
      'expected address blocks such as "10.0.0.0/8", separated by commas',
  ],
  [
    { AUTHLEDGER_TRUST_PROXY: "10.0.0.0/33" },
    'Cannot use AUTHLEDGER_TRUST_PROXY "10.0.0.0/33": ' +
      'expected address blocks such as "10.0.0.0/8", separated by commas',
  ],
  [
    { AUTHLEDGER_ORIGINS: "https://a.example/x" },
    'Cannot use AUTHLEDGER_ORIGINS "https://a.example/x": ' +
      'expected origins such as "https://app.example.com", separated by commas',
  ],
  [{ LOG_LEVEL: "loud" }, 'Cannot use LOG_LEVEL "loud": expected debug, info, warn or error'],
])("%j is one clear line", (environment, line) => {
  expect(linesOf(environment)).toEqual([line]);
});

test("several mistakes are a line each", () => {
  expect(linesOf({ PORT: "x", LOG_LEVEL: "y" })).toHaveLength(2);
});

test("a misspelt variable is a warning that names the nearest one", () => {
  const { warnings } = configOf({ AUTHLEDGER_SINGUP: "open", AUTHLEDGER_TEST_X: "1", OTHER: "1" });
  expect(warnings).toEqual(["Unknown variable AUTHLEDGER_SINGUP: did you mean AUTHLEDGER_SIGNUP?"]);
});

test("what is understood and not yet acted on is said", () => {
  const { warnings } = configOf({ NATS_URL: "nats://localhost", PORT: "4001" });
  expect(warnings).toEqual(["NATS_URL has no effect yet: it comes with a later version"]);
});

const secrets = Object.entries(variables).flatMap(([name, variable]) =>
  "secret" in variable ? [name] : [],
);

test.each(secrets)("a wrong %s is never shown", (name) => {
  fc.assert(
    fc.property(fc.stringMatching(/^~[a-z]{6,12}~$/), (value) => {
      const lines = linesOf({ [name]: value });
      expect(lines.join("\n")).not.toContain(value);
    }),
  );
});

test("never throws, whatever the environment holds", () => {
  const environment = fc.record(
    Object.fromEntries(Object.keys(variables).map((name) => [name, fc.string({ unit: "binary" })])),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(environment, (each) => {
      const config = readConfig(each as Record<string, string>, "/srv");
      if (config instanceof UsageError) {
        for (const line of config.lines) expect(line).toMatch(/^Cannot [^\n]+$/);
      }
    }),
  );
});

test("the environment opens providers, each by its own variables", () => {
  const { providers, warnings } = configOf({
    AUTHLEDGER_OIDC_ACME_ISSUER: "https://id.acme.example",
    AUTHLEDGER_OIDC_ACME_CLIENT_ID: "authledger",
    AUTHLEDGER_OIDC_ACME_CLIENT_SECRET: "the secret",
    AUTHLEDGER_OIDC_ACME_NAME: "Acme",
    AUTHLEDGER_OIDC_MY_OTHER_ISSUER: "http://localhost:4001",
    AUTHLEDGER_OIDC_MY_OTHER_CLIENT_ID: "public",
    AUTHLEDGER_OIDC_MY_OTHER_SCOPES: "openid email",
  });
  expect(warnings).toEqual([]);
  expect(providers).toMatchObject([
    { id: "acme", name: "Acme", scopes: ["openid", "email", "profile"] },
    {
      id: "my-other",
      name: "localhost:4001",
      clientSecret: undefined,
      scopes: ["openid", "email"],
    },
  ]);
});

test("a mistake in a provider's variables is one line each, and shows no secret", () => {
  const lines = linesOf({
    AUTHLEDGER_OIDC_ACME_ISSUER: "http://id.acme.example",
    AUTHLEDGER_OIDC_ACME_CLIENT_SECRET: "line\nbreak",
    AUTHLEDGER_OIDC_ACME_SCOPES: "email",
    AUTHLEDGER_OIDC_PASSWORD_ISSUER: "https://id.acme.example",
    AUTHLEDGER_OIDC_PASSWORD_CLIENT_ID: "x",
  });
  expect(lines).toHaveLength(5);
  expect(lines.join("\n")).toContain("expected AUTHLEDGER_OIDC_ACME_CLIENT_ID to be set");
  expect(lines.join("\n")).not.toContain("break");
});
