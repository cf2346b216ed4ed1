import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startServer } from "../../support/faults-server.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { DORA } from "./schemas.ts";
import { sourceDatabase } from "./source-database.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const TIMEOUT_MS = 120_000;

test(
  "beside a running server people are imported in it, from a path of the caller's own folder",
  async () => {
    const folder = temporaryFolder();
    const data = join(folder, "data");
    const elsewhere = join(folder, "elsewhere");
    mkdirSync(elsewhere);
    const database = await sourceDatabase("authjs", "sqlite", elsewhere);
    const email = "dora@example.com";
    const more = { name: "Dora", emailVerified: null, image: null, role: null };
    await database.insert("users", [{ email, password: DORA.hash, ...more }]);
    await database.close();
    const { base } = await startServer({ data });
    const given = ["import", "authjs", "--from", "authjs.db", "--json"];
    const program = join(root, "node_modules", ".bin", "node");
    const { stdout } = await promisify(execFile)(program, [join(root, "ops", "cli.ts"), ...given], {
      cwd: elsewhere,
      env: { AUTHLEDGER_DATA: data },
    });
    expect(JSON.parse(stdout)).toMatchObject({ imported: 1, refused: 0, passwords: 1 });
    const answer = await fetch(`${base}/v1/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ identifier: email, password: DORA.password }),
    });
    expect(answer.status).toBe(200);
  },
  TIMEOUT_MS,
);
