import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "../support/faults-server.ts";

/** A server's own address has its port in it, so the port is chosen before. */
export const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });

type Pages = {
  readonly port?: number;
  /** Browsers tell servers on one machine apart by the name alone: cookies have no port. */
  readonly host?: "localhost" | "127.0.0.1";
  readonly environment?: Readonly<Record<string, string>>;
};

/** A server with pages, in memory, until the test ends; answers its own address. */
export async function startPages(pages: Pages = {}): Promise<string> {
  const { host = "localhost", port = await freePort() } = pages;
  const base = `http://${host}:${port}`;
  const environment = {
    PORT: String(port),
    AUTHLEDGER_URL: base,
    AUTHLEDGER_STORE: "memory",
    ...pages.environment,
  };
  await startServer({ data: join(tmpdir(), `authledger-pages-${port}`), environment });
  return base;
}
