import * as Data from "effect/Data";

/**
 * Wrong usage or configuration: what was tried, the value, what was wanted. The process ends with
 * status 2 and nothing was touched.
 *
 * Shape: one line a mistake; never a secret, never personal data.
 */
export class UsageError extends Data.TaggedError("UsageError")<{
  readonly lines: ReadonlyArray<string>;
}> {
  override get message() {
    return this.lines.join("\n");
  }
}

/** One mistake, one line. */
export const usageError = (line: string): UsageError => new UsageError({ lines: [line] });
