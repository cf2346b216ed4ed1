import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { layer as outbound } from "../../adapters/outbound/outbound.ts";
import { selfSigned } from "./smtp.ts";

/** What vouches for servers of this test process; undefined without openssl. */
export const certificate = selfSigned();

/** Requests to other servers may go to this machine, and believe its certificate. */
export const outboundHere = outbound({
  allow: ["127.0.0.1/32", "::1/128"],
  ...(certificate === undefined ? {} : { ca: certificate.cert }),
});

export type Answer = (incoming: IncomingMessage, response: ServerResponse) => void;

/** Another server, as an application has one, over TLS on this machine. */
export async function secureServer(answer: Answer) {
  const server = createServer({ ...certificate }, answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
