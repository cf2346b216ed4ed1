import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as z from "zod";

/** From the sources the folder above, from `dist` the one above that. */
const CANDIDATES = ["../package.json", "../../package.json"];

/** The version of this package, as its package.json says. */
export const packageVersion = (): string => {
  for (const candidate of CANDIDATES) {
    const path = fileURLToPath(new URL(candidate, import.meta.url));
    if (!existsSync(path)) continue;
    return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path, "utf8"))).version;
  }
  return "unknown";
};
