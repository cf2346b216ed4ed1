import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "../support/faults-server.ts";

/** The server's own address has its port in it, so the port is chosen before. */
const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });

/** A server with pages, in memory, until the test ends; answers its own address. */
export async function startPages(): Promise<string> {
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const environment = { PORT: String(port), AUTHLEDGER_URL: base, AUTHLEDGER_STORE: "memory" };
  await startServer({ data: join(tmpdir(), `authledger-pages-${port}`), environment });
  return base;
}
