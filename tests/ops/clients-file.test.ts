import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as Effect from "effect/Effect";
import { expect, onTestFinished, test } from "vitest";
import { clientsFile, type Wanted } from "../../ops/clients-file/read.ts";
import { readConfig } from "../../ops/config.ts";
import { filesOf } from "../../ops/configured-files.ts";
import { createAuthledger } from "../../ops/create-authledger.ts";
import { UsageError } from "../../ops/usage-error.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const shop = {
  clientId: "shop",
  name: "Shop",
  type: "web",
  redirectUris: ["https://shop.example.com/callback"],
};

/** What a file says, or its mistakes without what each line begins with. */
const read = (content: unknown, variables: Record<string, string> = {}) => {
  const folder = temporaryFolder();
  const path = join(folder, "clients.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  const environment = { AUTHLEDGER_CLIENTS: "clients.json", ...variables };
  const config = readConfig(environment, folder);
  if (config instanceof UsageError) throw config;
  expect(config.warnings).toEqual([]);
  try {
    return clientsFile(config);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const begins = `Cannot use AUTHLEDGER_CLIENTS ${path}: `;
    return error.lines.map((line) => {
      expect(line.startsWith(begins)).toBe(true);
      return line.slice(begins.length);
    });
  }
};

test("an entry is what the API would take, with what its type begins with", () => {
  const { clients, apis } = read({
    resourceServers: [{ audience: "https://orders.example.com", name: "Orders" }],
    clients: [{ ...shop, scopes: ["users:read"], skipConsent: true }],
  }) as Wanted;
  expect(apis).toEqual([
    {
      at: "resourceServers[0]",
      removed: false,
      audience: "https://orders.example.com",
      name: "Orders",
      scopes: [],
    },
  ]);
  expect(clients).toMatchObject([
    {
      clientId: "shop",
      kind: "web",
      disabled: undefined,
      secrets: undefined,
      metadata: {
        name: "Shop",
        tokenEndpointAuthMethod: "client_secret_basic",
        scopes: ["users:read"],
        skipConsent: true,
        accessPolicy: "all",
      },
    },
  ]);
});

test.each<[string, unknown, ReadonlyArray<string>]>([
  ["no JSON", "{", ["expected JSON"]],
  ["a name twice", '{"clients":[],"clients":[]}', ["clients is there twice"]],
  ["a list", "[]", ["the file: expected an object"]],
  ["another member", { client: [] }, ["client: there is no such member"]],
  ["no list", { clients: {} }, ["clients: expected a list"]],
  [
    "a slip in a name",
    { clients: [{ ...shop, redirectUri: "https://a.example/" }] },
    ["clients[0].redirectUri: there is no such member: did you mean redirectUris?"],
  ],
  [
    "no id",
    { clients: [{ ...shop, clientId: undefined }] },
    ["clients[0].clientId: expected a text"],
  ],
  [
    "an id of two words",
    { clients: [{ ...shop, clientId: "my shop" }] },
    ["clients[0].clientId: not what is wanted here"],
  ],
  [
    "no type that there is",
    { clients: [{ ...shop, type: "desktop" }] },
    ['clients[0].type: expected "web" or "spa" or "native" or "machine"'],
  ],
  [
    "an address that is no text",
    { clients: [{ ...shop, redirectUris: ["https://a.example/cb", 7] }] },
    ["clients[0].redirectUris[1]: expected a text"],
  ],
  [
    "a wildcard",
    { clients: [{ ...shop, redirectUris: ["https://*.example/cb"] }] },
    ['clients[0].redirectUris: does not fit an application of type "web"'],
  ],
  [
    "a secret of who keeps none",
    { clients: [{ ...shop, type: "spa", secretFrom: "SHOP_SECRET" }] },
    ["clients[0].secretFrom: an application with none keeps no secret"],
  ],
  [
    "a preview without end",
    {
      clients: [
        {
          ...shop,
          previewRedirectUris: [{ uri: "https://p.example/cb", expiresAt: "2999-01-01T00:00:00Z" }],
        },
      ],
    },
    ["clients[0].previewRedirectUris: expected an end within 90 days"],
  ],
  ["one twice", { clients: [shop, shop] }, ["clients[1].clientId: clients[0] has it already"]],
  [
    "gone and not",
    { clients: [{ clientId: "shop", removed: false }] },
    ["clients[0].removed: expected true"],
  ],
  [
    "an audience that is no address",
    { resourceServers: [{ audience: "orders", name: "Orders" }] },
    ["resourceServers[0].audience: expected an absolute URI without a fragment"],
  ],
  [
    "a scope of OpenID's",
    {
      resourceServers: [
        {
          audience: "https://a.example",
          name: "A",
          scopes: [{ name: "openid", description: "x" }],
        },
      ],
    },
    ["resourceServers[0].scopes: expected names that a token can say, each once, none of OpenID's"],
  ],
  [
    "this server",
    { resourceServers: [{ audience: "http://localhost:4000/", name: "Here" }] },
    ["resourceServers[0].audience: expected an API other than this server's own"],
  ],
  [
    "an API in two spellings",
    {
      resourceServers: [
        { audience: "https://a.example", name: "A" },
        { audience: "https://a.example/", name: "A" },
      ],
    },
    ["resourceServers[1].audience: resourceServers[0] has it already"],
  ],
])("%s is one line that says where", (_, content, lines) => {
  expect(read(content)).toEqual(lines);
});

test("a secret comes from the environment, is no short one, and never in a line", () => {
  const said = (secretFrom: unknown) => ({ clients: [{ ...shop, secretFrom }] });
  const wanted =
    "clients[0].secretFrom: expected SHOP_SECRET to be set, to 32 characters at least, " +
    "without a space";
  expect(read(said("SHOP_SECRET"))).toEqual([wanted]);
  expect(read(said("SHOP_SECRET"), { SHOP_SECRET: "short" })).toEqual([wanted]);
  expect(read(said("SHOP_SECRET"), { SHOP_SECRET: `${SECRET} ${SECRET}` })).toEqual([wanted]);
  const found = read(said(["SHOP_SECRET"]), { SHOP_SECRET: SECRET }) as Wanted;
  expect(found.clients).toMatchObject([{ secrets: [{ variable: "SHOP_SECRET" }] }]);
  expect(JSON.stringify(found)).not.toContain(SECRET);
  expect(read(said(SECRET), {})).toEqual([`clients[0].secretFrom: not what is wanted here`]);
});

test("a file that is not there is said before anything is opened", async () => {
  const config = readConfig({ AUTHLEDGER_CLIENTS: "none.json" }, temporaryFolder());
  if (config instanceof UsageError) throw config;
  const failed = await Effect.runPromise(Effect.flip(filesOf(config)));
  expect(failed.lines).toEqual([
    `Cannot use AUTHLEDGER_CLIENTS ${config.clientsFile?.path}: the file does not exist`,
  ]);
});

test("an application from the file gets tokens by the secrets that it has there", async () => {
  const folder = temporaryFolder();
  const job = { clientId: "nightly.job", name: "Nightly", type: "machine" };
  const clients = [{ ...job, secretFrom: ["JOB_SECRET", "JOB_SECRET_BEFORE"] }];
  writeFileSync(join(folder, "clients.json"), JSON.stringify({ clients }));
  const { fetch: ask, close } = await createAuthledger({
    folder,
    environment: {
      AUTHLEDGER_STORE: "memory",
      LOG_LEVEL: "error",
      AUTHLEDGER_CLIENTS: "clients.json",
      JOB_SECRET: SECRET,
      JOB_SECRET_BEFORE: SECRET.toUpperCase(),
    },
  });
  onTestFinished(close);
  const tokenBy = async (secret: string) => {
    const authorization = `Basic ${Buffer.from(`nightly.job:${secret}`).toString("base64")}`;
    const body = new URLSearchParams({ grant_type: "client_credentials" });
    const request = new Request("http://localhost:4000/oauth2/token", {
      method: "POST",
      headers: { authorization },
      body,
    });
    return (await ask(request)).status;
  };
  expect(await tokenBy(SECRET)).toBe(200);
  expect(await tokenBy(SECRET.toUpperCase())).toBe(200);
  expect(await tokenBy(`${SECRET}0`)).toBe(401);
});
