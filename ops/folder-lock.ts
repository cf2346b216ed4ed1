import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as Effect from "effect/Effect";
import type * as Scope from "effect/Scope";
import { createPrivateFolder } from "./private-file.ts";
import { type UsageError, usageError } from "./usage-error.ts";

/** The file that is locked, under the data folder. */
export const LOCK_FILE = "lock";
/** SQLITE_BUSY. Source: sqlite.org/rescode.html */
const BUSY = 5;

/** Holds the folder alone until the scope closes; the system frees it when the process dies. */
export const folderLock = (folder: string): Effect.Effect<void, UsageError, Scope.Scope> =>
  Effect.asVoid(
    Effect.acquireRelease(
      Effect.try({
        try: () => lockFolder(folder),
        catch: (cause) => cause as UsageError,
      }),
      (release) => Effect.sync(release),
    ),
  );

/**
 * Takes the folder; answers what gives it back.
 *
 * An exclusive transaction of SQLite is the one file lock that Node and Deno both have, that they
 * honour between each other, and that kill -9 frees.
 * Errors: throws UsageError.
 */
export const lockFolder = (folder: string): (() => void) => {
  createPrivateFolder(folder);
  const path = join(folder, LOCK_FILE);
  let database: DatabaseSync | undefined;
  try {
    closeSync(openSync(path, "a", 0o600));
    database = new DatabaseSync(path);
    database.exec("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    database?.close();
    throw usageError(`Cannot use folder ${folder}: ${reason(cause)}`);
  }
  const held = database;
  return () => held.close();
};

/** Deno gives SQLite's text and no code, so the text decides where the code is missing. */
const reason = (cause: unknown): string => {
  const errcode = cause instanceof Error && "errcode" in cause ? cause.errcode : undefined;
  const locked = cause instanceof Error && cause.message === "database is locked";
  if (errcode === BUSY || locked) return "another Authledger holds it";
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown cause";
  return `its lock cannot be taken (${code})`;
};
