import * as Effect from "effect/Effect";
import { isGrantable } from "../../domain/user/mod.ts";
import { usageError } from "../usage-error.ts";

/** `--roles owner=admin,member=user`: from the source's names to ours. */
export const roleMapping = Effect.fnUntraced(function* (
  written: string | boolean | undefined,
  defined: ReadonlyArray<string>,
) {
  const mapping = new Map<string, string>();
  if (typeof written !== "string") return mapping;
  for (const pair of written.split(",")) {
    const [from = "", to = "", ...more] = pair.split("=").map((name) => name.trim());
    if (from === "" || to === "" || more.length > 0) {
      return yield* usageError(`Cannot use --roles ${written}: expected FROM=TO,…`);
    }
    if (!isGrantable(to, defined) || to === "guest") {
      return yield* usageError(`Cannot use --roles ${written}: "${to}" is no role to be given`);
    }
    mapping.set(from, to);
  }
  return mapping;
});
