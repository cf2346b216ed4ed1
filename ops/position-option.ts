import * as Effect from "effect/Effect";
import { parsePosition, positionAt } from "../api/http/positions.ts";
import type { CommandArguments } from "./command.ts";
import { usageError } from "./usage-error.ts";

/** `--name N`; undefined when it is not given. */
export const positionOption = Effect.fnUntraced(function* (
  { values }: CommandArguments,
  name: string,
) {
  const written = values[name];
  if (typeof written !== "string") return undefined;
  const position = parsePosition(written);
  if (position === undefined || position < 1) {
    return yield* usageError(`Cannot use --${name} ${written}: expected a position from 1`);
  }
  return position;
});

/** `--name N` or `--name TIME` (RFC 3339): the last position not later than the time. */
export const momentOption = Effect.fnUntraced(function* (given: CommandArguments, name: string) {
  const written = given.values[name];
  if (typeof written !== "string" || parsePosition(written) !== undefined) {
    return yield* positionOption(given, name);
  }
  const time = Date.parse(written);
  if (Number.isNaN(time)) {
    return yield* usageError(`Cannot use --${name} ${written}: expected a position or a time`);
  }
  return yield* positionAt(time);
});
