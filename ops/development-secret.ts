import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as Redacted from "effect/Redacted";
import { SECRET_BYTES_MIN } from "./config/variables.ts";
import type { Config } from "./config.ts";
import { readOrCreatePrivateFile } from "./private-file.ts";
import { usageError } from "./usage-error.ts";

/** The file of the generated secret, under the data folder. */
export const DEVELOPMENT_SECRET_FILE = "development-secret";

/**
 * The configured secrets, newest first; on localhost without any, one that is generated once and
 * kept in the data folder for its owner alone.
 *
 * Errors: throws UsageError; a public address never comes here without a secret.
 */
export const secretsOf = (config: Config): ReadonlyArray<Redacted.Redacted<Uint8Array>> => {
  if (config.secrets.length > 0) return config.secrets;
  if (config.publicUrl) throw usageError("Cannot serve without AUTHLEDGER_SECRET");
  if (config.store.kind === "memory") return [Redacted.make(random())];
  const path = join(config.dataFolder, DEVELOPMENT_SECRET_FILE);
  const kept = readOrCreatePrivateFile(path, () => Buffer.from(random()).toString("base64"));
  const bytes = new Uint8Array(Buffer.from(kept, "base64"));
  if (bytes.length < SECRET_BYTES_MIN) {
    throw usageError(`Cannot use ${path}: expected at least ${SECRET_BYTES_MIN} bytes in base64`);
  }
  return [Redacted.make(bytes)];
};

/** Whether one was generated before. */
export const hasDevelopmentSecret = ({ dataFolder }: Config): boolean =>
  existsSync(join(dataFolder, DEVELOPMENT_SECRET_FILE));

const random = () => new Uint8Array(randomBytes(SECRET_BYTES_MIN));
