import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "vitest";
import { openidProvider } from "../../adapters/oidc-provider/provider.ts";
import { createOpenidHost } from "../../api/oidc/create-host.ts";
import { nodeListener, switching } from "../../ops/http-listener.ts";
import { ELSEWHERE, type MakeServices, world } from "./world.ts";

export const CALLBACK = "https://app.example.org/callback";

/** A header of these tests alone: from which address a request is to come. */
export const FROM = "x-test-from";

export type OpenidWorld = Awaited<ReturnType<typeof openidWorld>>;
export type App = { readonly clientId: string; readonly clientSecret: string };

/** One server over one store, the protocol and the API behind a real socket. */
export async function openidWorld(makeServices: MakeServices) {
  const server = createServer();
  const port = await listening(server);
  const url = `http://localhost:${port}`;
  const w = await world(makeServices, { url });
  const host = createOpenidHost(w.services, w.settings);
  let visitors = 0;
  const protocol = openidProvider({
    ...host,
    // Everybody comes from somewhere else, but who says where.
    received: (incoming, _) =>
      host.received(
        incoming,
        String(incoming.headers[FROM] ?? `${ELSEWHERE}1.${++visitors % 250}`),
      ),
  });
  const api = nodeListener(
    (request, { remoteAddress }) => w.api(request, { remoteAddress }),
    new AbortController().signal,
  );
  server.on("request", switching(protocol, api));
  const owner = await w.architect();

  /** An application; an architect registers it. */
  const app = async (metadata: Record<string, unknown>): Promise<App> => {
    const heard = await w.ask("POST", "/v1/clients", {
      cookie: owner.cookie,
      body: { name: "Shop", ...metadata },
    });
    expect(heard.status).toBe(201);
    const { clientId, clientSecret = "" } = heard.json;
    return { clientId, clientSecret };
  };
  const machine = (metadata: Record<string, unknown> = {}) => app({ type: "machine", ...metadata });
  const web = (metadata: Record<string, unknown> = {}) =>
    app({ type: "web", redirectUris: [CALLBACK], ...metadata });
  /** An API that tokens are issued for. */
  const orders = async (metadata: Record<string, unknown> = {}) => {
    const audience = `https://orders-${crypto.randomUUID()}.example.com`;
    const scopes = [
      { name: "orders:read", description: "See your orders" },
      { name: "orders:write", description: "Change your orders" },
    ];
    const heard = await w.ask("POST", "/v1/resource-servers", {
      cookie: owner.cookie,
      body: { audience, name: "Orders", scopes, ...metadata },
    });
    expect(heard.status).toBe(201);
    return audience;
  };
  return {
    ...w,
    url,
    owner,
    app,
    machine,
    web,
    orders,
    keys: async () => host.keys(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await w.close();
    },
  };
}

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};
