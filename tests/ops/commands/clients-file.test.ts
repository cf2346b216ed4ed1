import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as Effect from "effect/Effect";
import { expect, onTestFinished, test } from "vitest";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { UsageError } from "../../../ops/usage-error.ts";
import { type Installation, openInstallation, SETUP_TOKEN } from "./installation.ts";
import { onEachStore, place } from "./on-each-store.ts";

const TIMEOUT_MS = 60_000;
const [SECRET, OTHER] = ["a".repeat(40), "b".repeat(40)];
const shop = {
  clientId: "shop",
  name: "Shop",
  type: "web",
  redirectUris: ["https://shop.example.com/callback"],
  skipConsent: true,
  secretFrom: "SHOP_SECRET",
};
const job = { clientId: "nightly.job", name: "Nightly", type: "machine" };
const orders = {
  audience: "https://orders.example.com",
  name: "Orders",
  scopes: [{ name: "orders:read", description: "See your orders" }],
};

onEachStore("the file of clients", (store) => {
  /** One place, served again and again with whatever the file says then. */
  const here = async () => {
    const { folder, variables, remove } = await place(store);
    onTestFinished(remove);
    const file = join(folder, "clients.json");
    const open = async (secrets: Record<string, string> = { SHOP_SECRET: SECRET }) => {
      const environment = { ...variables, AUTHLEDGER_CLIENTS: file, ...secrets };
      return await openInstallation(folder, environment, "server");
    };
    const says = (content: object) => writeFileSync(file, JSON.stringify(content));
    const served = async <A>(
      content: object,
      use: (server: Installation) => Promise<A>,
      secrets?: Record<string, string>,
    ): Promise<A> => {
      says(content);
      const server = await open(secrets);
      try {
        return await use(server);
      } finally {
        await server.close();
      }
    };
    return { open, says, served };
  };
  const head = (server: Installation) =>
    server.use(Effect.flatMap(Ledgers, ({ identity }) => identity.head));
  const eventsOf = (server: Installation, stream: string) =>
    server.use(Effect.flatMap(Ledgers, ({ identity }) => identity.read({ stream })));
  const typesOf = async (server: Installation, stream: string) =>
    (await eventsOf(server, stream)).map(({ type }) => type);

  test("makes what it names, once, and the same again appends nothing", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { served } = await here();
    const content = { clients: [shop, job], resourceServers: [orders] };
    const first = await served(content, async (server) => {
      const events = await eventsOf(server, "client-shop");
      expect(events.map(({ type }) => type)).toEqual(["ClientRegistered", "ClientSecretIssued"]);
      expect(new Set(events.map(({ meta }) => meta.actor))).toEqual(
        new Set(["operator:clients-file"]),
      );
      expect(JSON.stringify(events)).not.toContain(SECRET);
      // Who is given no secret here gets one from the API.
      expect(await typesOf(server, "client-nightly.job")).toEqual(["ClientRegistered"]);
      return await head(server);
    });
    const again = await served(content, head);
    expect(again.position).toBe(first.position);
    // What the file says no more is left alone.
    const empty = await served({}, head);
    expect(empty.position).toBe(first.position);
  });

  test("revises what changed, and removes what it says is gone", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { served } = await here();
    await served({ clients: [{ ...shop, logoUri: "https://shop.example.com/l.svg" }, job] }, head);
    await served(
      {
        clients: [
          { ...shop, name: "Market", disabled: true },
          { clientId: "nightly.job", removed: true },
          { clientId: "never-there", removed: true },
        ],
        resourceServers: [orders],
      },
      async (server) => {
        const [, , revised, disabled, ...more] = await eventsOf(server, "client-shop");
        expect(revised).toMatchObject({ type: "ClientRevised", data: { name: "Market" } });
        expect(revised?.data).not.toHaveProperty("logoUri");
        expect(disabled?.type).toBe("ClientDisabled");
        expect(more).toEqual([]);
        expect(await typesOf(server, "client-nightly.job")).toEqual([
          "ClientRegistered",
          "ClientRemoved",
        ]);
        expect(await typesOf(server, "client-never-there")).toEqual([]);
      },
    );
    // Whether it is disabled is not said: whoever disabled it meant it.
    await served(
      { clients: [shop], resourceServers: [{ ...orders, name: "Sales" }] },
      async (s) => {
        const names = await typesOf(s, "client-shop");
        expect(names.slice(4)).toEqual(["ClientRevised"]);
      },
    );
    const gone = { audience: orders.audience, removed: true };
    await served({ resourceServers: [gone] }, async (server) => {
      const names = await server.use(
        Effect.flatMap(Ledgers, ({ identity }) => identity.read({ from: 1 })),
      );
      const apis = names.filter(({ stream }) => stream.startsWith("resource-server-"));
      expect(apis.map(({ type }) => type)).toEqual([
        "ResourceServerRegistered",
        "ResourceServerRevised",
        "ResourceServerRemoved",
      ]);
    });
  });

  // One process alone opens the embedded store.
  test.runIf(store === "postgres")(
    "two servers that start at once do it once",
    {
      timeout: TIMEOUT_MS,
    },
    async () => {
      const { open, says } = await here();
      says({ clients: [shop, job], resourceServers: [orders] });
      await (await open()).close();
      says({
        clients: [
          { ...shop, clientId: "twin" },
          { ...job, name: "Daily" },
        ],
        resourceServers: [orders, { ...orders, audience: "https://twin.example.com" }],
      });
      const servers = await Promise.all([open(), open(), open()]);
      const [server] = servers;
      try {
        const all = await server.use(
          Effect.flatMap(Ledgers, ({ identity }) => identity.read({ from: 1 })),
        );
        const types = all
          .filter(({ meta }) => meta.actor === "operator:clients-file")
          .map(({ type }) => type);
        expect(types.toSorted()).toEqual([
          "ClientRegistered",
          "ClientRegistered",
          "ClientRegistered",
          "ClientRevised",
          "ClientSecretIssued",
          "ClientSecretIssued",
          "ResourceServerRegistered",
          "ResourceServerRegistered",
        ]);
      } finally {
        await Promise.all(servers.map(({ close }) => close()));
      }
    },
  );

  test("its secrets are those of the environment, and no others", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { served } = await here();
    const both = { ...shop, secretFrom: ["SHOP_SECRET", "SHOP_SECRET_BEFORE"] };
    await served({ clients: [shop] }, head);
    const overlapping = { SHOP_SECRET: OTHER, SHOP_SECRET_BEFORE: SECRET };
    await served(
      { clients: [both] },
      async (server) => {
        expect((await typesOf(server, "client-shop")).slice(2)).toEqual(["ClientSecretIssued"]);
      },
      overlapping,
    );
    await served(
      { clients: [shop] },
      async (server) => {
        const [, first, , revoked] = await eventsOf(server, "client-shop");
        expect(revoked?.type).toBe("ClientSecretRevoked");
        expect(revoked?.data["secretId"]).toBe(first?.data["secretId"]);
      },
      { SHOP_SECRET: OTHER },
    );
    // One that was revoked is not given back by a server that starts.
    const before = await served({ clients: [shop] }, (server) => typesOf(server, "client-shop"));
    expect(before.slice(4)).toEqual(["ClientSecretRevoked"]);
  });

  test("lets the application in by its readable id, and shows it to administrators", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { served } = await here();
    await served({ clients: [shop] }, async ({ ask }) => {
      const body = { token: SETUP_TOKEN, email: "ada@example.com", password: "a long password" };
      const { cookie } = await ask("POST /v1/setup", { body });
      const shown = await ask("GET /v1/clients/shop", { cookie });
      expect(shown.body.client).toMatchObject({ clientId: "shop", skipConsent: true });
      const renamed = await ask("PATCH /v1/clients/shop", { cookie, body: { name: "Other" } });
      expect(renamed.status).toBe(200);
      const issued = await ask("POST /v1/clients/shop/secrets", { cookie });
      expect(issued.status).toBe(201);
      const path = `/v1/clients/shop/secrets/${issued.body.id}`;
      expect((await ask(`DELETE ${path}`, { cookie })).status).toBe(204);
    });
  });

  test("what it cannot have is said before anything is appended", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { open, says, served } = await here();
    const before = await served({ clients: [shop, job] }, head);
    await served({ clients: [{ clientId: "nightly.job", removed: true }] }, head);
    says({
      clients: [
        { clientId: "new", name: "New", type: "machine" },
        { ...shop, type: "native", secretFrom: undefined, skipConsent: false },
        job,
      ],
    });
    const refused = await open().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(UsageError);
    const lines = (refused as UsageError).lines.map((line) => line.replace(/^.*\.json: /, ""));
    expect(lines).toEqual([
      'clients[1].type: it is registered as "web", and a type never changes',
      "clients[2].clientId: it was removed, and its id is never given again",
    ]);
    const after = await served({}, head);
    expect(after.position).toBe(before.position + 1);
  });
});
