import * as Effect from "effect/Effect";
import { originsOf } from "./origins.ts";
import { refuse } from "./problem.ts";
import { redirectTarget } from "./redirect-to.ts";
import type { Settings } from "./settings.ts";

/**
 * Where a person wants to go on to, when it is a path of ours or at a listed origin.
 *
 * Errors: 400 invalid_field `redirectTo`.
 */
export const askedRedirect = (
  redirectTo: string | undefined,
  settings: Pick<Settings, "url" | "origins">,
) =>
  Effect.gen(function* () {
    if (redirectTo === undefined) return undefined;
    const target = redirectTarget(redirectTo, { origins: originsOf(settings), url: settings.url });
    return target ?? (yield* refuse(400, "invalid_field", { field: "redirectTo" }));
  });
