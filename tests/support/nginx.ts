import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { eventually } from "./faults-eventually.ts";

const examples = fileURLToPath(new URL("../../ops/examples", import.meta.url));

const places = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"];
const program = places.find((place) => existsSync(place));
const built = program === undefined ? "" : String(spawnSync(program, ["-V"]).stderr);

/** Options of a test that needs nginx with `auth_request`, with the reason of its skip. */
export const onNginx = {
  skip: !built.includes("http_auth_request_module"),
  meta: { skipped: "no nginx with auth_request: install nginx-light" },
};

/** Options of a test that needs nginx and a certificate, with the reason of its skip. */
export const onTlsNginx = {
  skip: !built.includes("http_ssl_module") || spawnSync("openssl", ["version"]).status !== 0,
  meta: { skipped: "no nginx with TLS, or no openssl: install nginx-light and openssl" },
};

/** A port that is free now. */
export const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });

/** nginx with the example that the README shows, but for the ports; answers its base address. */
export const startNginx = async (ports: {
  readonly authledger: number;
  readonly application: number;
}): Promise<{ readonly base: string; readonly port: number }> => {
  const port = await freePort();
  await serveByNginx(port, () =>
    readFileSync(join(examples, "nginx.conf"), "utf8")
      .replace("listen 80;", `listen 127.0.0.1:${port};`)
      .replaceAll("127.0.0.1:4000", `127.0.0.1:${ports.authledger}`)
      .replaceAll("127.0.0.1:3000", `127.0.0.1:${ports.application}`),
  );
  return { base: `http://127.0.0.1:${port}`, port };
};

/** The same of the README's example that ends TLS; `port` is where, `authledger` where it asks. */
export const startTlsNginx = (
  { port, authledger }: { readonly port: number; readonly authledger: number },
  { key, cert }: { readonly key: string; readonly cert: string },
): Promise<void> =>
  serveByNginx(port, (folder) => {
    const files = { "id.example.com.pem": cert, "id.example.com.key": key };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return readFileSync(join(examples, "nginx-tls.conf"), "utf8")
      .replace("listen 443 ssl;", `listen 127.0.0.1:${port} ssl;`)
      .replaceAll(/\/etc\/ssl\/\w+/g, folder)
      .replace("127.0.0.1:4000", `127.0.0.1:${authledger}`);
  });

const serveByNginx = async (port: number, siteIn: (folder: string) => string): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "authledger-nginx-"));
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const folders = kinds.map((kind) => {
    mkdirSync(join(folder, kind));
    return `${kind}_temp_path ${join(folder, kind)};`;
  });
  const file = join(folder, "nginx.conf");
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${join(folder, "pid")}; error_log stderr;
     events {} http { access_log off; ${folders.join(" ")} ${siteIn(folder)} }`,
  );
  const child = spawn(program ?? "", ["-c", file, "-p", folder, "-e", "stderr"]);
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  await eventually("nginx listens", async () => {
    if (child.exitCode !== null) throw new Error(`nginx ended at once: ${log}`);
    return (await isOpen(port)) ? true : undefined;
  });
};

/** Whether something listens there. */
export const isOpen = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
