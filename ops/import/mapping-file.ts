import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPrivateFolder } from "../private-file.ts";

const FILE_MODE = 0o600;

/** Whose id changed at an import: one JSON object a line, their id there and their id here. */
export type MappingFile = {
  readonly path: string;
  readonly note: (there: string, here: string) => void;
  readonly flush: () => void;
};

/** Written anew by every run, whole; a dry run writes nothing. */
export function mappingFile(dataFolder: string, source: string, dryRun: boolean): MappingFile {
  const folder = join(dataFolder, "imports");
  const path = join(folder, `${source}.ndjson`);
  let lines: Array<string> = [];
  let begun = false;
  return {
    path,
    note: (there, here) => lines.push(`${JSON.stringify({ there, here })}\n`),
    flush: () => {
      if (dryRun || lines.length === 0) return;
      const text = lines.join("");
      lines = [];
      if (begun) appendFileSync(path, text);
      else {
        createPrivateFolder(folder);
        writeFileSync(path, text, { mode: FILE_MODE });
        begun = true;
      }
    },
  };
}
