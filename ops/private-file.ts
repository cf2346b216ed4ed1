import { randomUUID } from "node:crypto";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { UsageError, usageError } from "./usage-error.ts";

/** Read and written by the owner alone. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const OTHERS = 0o077;

/**
 * Makes the folder for its owner alone, and those above it; one that is there keeps its mode.
 *
 * One call each: Node's recursive one never ends where a folder that it can see takes none, as in
 * /proc.
 * Errors: throws UsageError.
 */
export const createPrivateFolder = (folder: string): void => {
  const missing: Array<string> = [];
  for (let at = folder; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  try {
    for (const each of missing.toReversed()) makeFolder(each);
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
  } catch (cause) {
    throw usageError(`Cannot use folder ${folder}: it cannot be created (${codeOf(cause)})`);
  }
};

const makeFolder = (folder: string): void => {
  try {
    mkdirSync(folder, { mode: FOLDER_MODE });
  } catch (cause) {
    // Another process was faster.
    if (codeOf(cause) !== "EEXIST") throw cause;
  }
};

/**
 * The text of the file; written first when it is not there.
 *
 * Order: of several processes that come at once one writes, all read the same text.
 * Errors: throws UsageError when others may read the file or it cannot be read.
 */
export const readOrCreatePrivateFile = (path: string, create: () => string): string => {
  createPrivateFolder(dirname(path));
  const present = readPrivateFile(path);
  if (present !== undefined) return present;
  // Written aside and linked, so that nobody reads half a secret and nobody overwrites one.
  const aside = `${path}.${randomUUID()}`;
  try {
    writeFileSync(aside, `${create()}\n`, { mode: FILE_MODE, flag: "wx" });
    linkSync(aside, path);
  } catch (cause) {
    if (codeOf(cause) !== "EEXIST") {
      throw usageError(`Cannot write ${path}: ${codeOf(cause)}`);
    }
  } finally {
    rmSync(aside, { force: true });
  }
  return readPrivateFile(path) ?? readOrCreatePrivateFile(path, create);
};

/** The text without the newline at its end; undefined when there is no such file. */
export const readPrivateFile = (path: string): string | undefined => {
  try {
    const mode = statSync(path).mode & 0o777;
    if ((mode & OTHERS) !== 0) {
      throw usageError(
        `Cannot use ${path}: others may read it (mode 0${mode.toString(8)}), expected 0600`,
      );
    }
    return readFileSync(path, "utf8").trimEnd();
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return undefined;
    if (cause instanceof UsageError) throw cause;
    throw usageError(`Cannot read ${path}: ${codeOf(cause)}`);
  }
};

/** The system's code of a failed call, such as EACCES: unlike its message it quotes nothing. */
const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause ? String(cause.code) : "unknown cause";
