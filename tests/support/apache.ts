import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { eventually } from "./faults-eventually.ts";
import { isOpen } from "./nginx.ts";

const PROGRAM = "/usr/sbin/apache2";
const MODULES = "/usr/lib/apache2/modules";
/** Of Debian's user that serves the web: Apache refuses to serve as root. */
const USER = "www-data";

/** Options of a test that needs Apache with OpenID Connect, with the reason of its skip. */
export const onApache = {
  skip: !existsSync(PROGRAM) || !existsSync(join(MODULES, "mod_auth_openidc.so")),
  meta: { skipped: "no Apache with OpenID Connect: install libapache2-mod-auth-openidc" },
};

const modules = ["mpm_event", "authn_core", "authz_core", "authz_user", "proxy", "proxy_http"];

/** Apache with a site at a port of this machine, until the test ends. */
export async function startApache(port: number, site: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "authledger-apache-"));
  const loaded = [...modules, "auth_openidc"].map(
    (name) => `LoadModule ${name}_module ${join(MODULES, `mod_${name}.so`)}`,
  );
  const file = join(folder, "apache.conf");
  const errors = join(folder, "errors.log");
  writeFileSync(
    file,
    `${loaded.join("\n")}
ServerName localhost
ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${join(folder, "pid")}
ErrorLog ${errors}
Listen 127.0.0.1:${port}
User ${USER}
Group ${USER}
${site}
`,
  );
  const child = spawn(PROGRAM, ["-X", "-f", file], { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const log = () => `${complaint}${existsSync(errors) ? readFileSync(errors, "utf8") : ""}`;
  const ended = new Promise((resolve) => child.on("exit", resolve));
  onTestFinished(async ({ task }) => {
    child.kill("SIGKILL");
    await ended;
    if (task.result?.state === "fail") process.stderr.write(log());
    rmSync(folder, { recursive: true, force: true });
  });
  await eventually("Apache listens", async () => {
    if (child.exitCode !== null) throw new Error(`Apache ended at once: ${log()}`);
    return (await isOpen(port)) ? true : undefined;
  });
}
