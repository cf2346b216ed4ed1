import { renameSync, rmSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";

/**
 * Makes an empty database in a folder that is not there yet: aside, then renamed, so that a process
 * killed half-way leaves nothing that looks like a database. The caller holds the folder's lock.
 */
export async function makeFolder(folder: string, template: Blob | undefined): Promise<void> {
  const aside = `${folder}.making`;
  rmSync(aside, { recursive: true, force: true });
  const database = await PGlite.create({
    dataDir: aside,
    ...(template === undefined ? {} : { loadDataDir: template }),
  });
  await database.close();
  renameSync(aside, folder);
}
