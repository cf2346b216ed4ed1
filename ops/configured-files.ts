import * as Effect from "effect/Effect";
import { brandOf } from "./brand.ts";
import { clientsFile } from "./clients-file/read.ts";
import type { Config } from "./config.ts";
import { ownTemplates } from "./mail-templates.ts";
import type { UsageError } from "./usage-error.ts";

/**
 * Reads the files that the configuration names, for their mistakes alone.
 *
 * Errors: a UsageError with one line for each mistake of the first file that has any.
 */
export const filesOf = (config: Config): Effect.Effect<void, UsageError> =>
  Effect.try({
    try: () => {
      brandOf(config);
      ownTemplates(config.mailTemplates);
      clientsFile(config);
    },
    catch: (cause) => cause as UsageError,
  });
