import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, globSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packTemplate } from "../adapters/pglite/template.ts";

/** What is read at run time or by people, and that the compiler leaves behind. */
const COPIED = [
  "adapters/sql/migrations/*.sql",
  "api/pages/stylesheet.css",
  "domain/ledger/FORMAT.md",
];
/** `npm` makes the bin executable on installation; here it is run without one. */
const EXECUTABLE = 0o755;

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
const compiler = join(root, "node_modules", ".bin", "tsc");
const { status } = spawnSync(compiler, ["-p", join(root, "tsconfig.build.json")], {
  stdio: "inherit",
});
if (status !== 0) process.exit(status ?? 1);
for (const file of COPIED.flatMap((pattern) => globSync(pattern, { cwd: root }))) {
  cpSync(join(root, file), join(dist, file));
}
await packTemplate(join(root, ".cache"), join(dist, ".cache"));
chmodSync(join(dist, "ops", "cli.js"), EXECUTABLE);
