import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("..", import.meta.url));

/**
 * The packages compared with and their versions; installs what the lock file says when it is not
 * there.
 */
export function installPeers(progress: (text: string) => void): Readonly<Record<string, string>> {
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    dependencies: Readonly<Record<string, string>>;
  };
  const missing = Object.entries(dependencies).some(([name, version]) => {
    const manifest = join(folder, "node_modules", name, "package.json");
    if (!existsSync(manifest)) return true;
    return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version !== version;
  });
  if (missing) {
    progress("installing the peers into tests/bench/node_modules");
    execFileSync("npm", ["ci", "--prefix", folder, "--no-audit", "--no-fund"], { stdio: "ignore" });
  }
  return dependencies;
}

/**
 * A peer's module. Its name is no literal, so that the checks of the project pass where the peers
 * are not installed; what is used of it, the caller declares.
 */
export const peer = async <Module>(name: string): Promise<Module> => (await import(name)) as Module;
