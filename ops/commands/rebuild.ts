import * as Effect from "effect/Effect";
import { rebuildUserSearch } from "../../adapters/reactions/user-search.ts";
import { type Rebuilt, rebuild } from "../../adapters/sql/rebuild.ts";
import { readModels } from "../../projections/catalogue.ts";
import type { Run } from "../command.ts";
import { NAME_COLUMNS } from "../name-columns.ts";
import type { StoreServices } from "../store.ts";
import { usageError } from "../usage-error.ts";

/** No read model: volatile, so it is made anew only when it is named. */
const USER_SEARCH = "user_search";

/** Rebuilds the named read models, or all; 1 when one had drifted from its events. */
export const run: Run<StoreServices> = Effect.fnUntraced(function* (context, { positionals }) {
  const names = [...readModels.map(({ name }) => name), USER_SEARCH];
  for (const name of positionals) {
    if (!names.includes(name)) {
      return yield* usageError(`Cannot rebuild "${name}": expected ${names.join(", ")}`);
    }
  }
  let drifted = false;
  for (const model of readModels) {
    if (positionals.length > 0 && !positionals.includes(model.name)) continue;
    const begun = performance.now();
    const rebuilt = yield* rebuild(model, (done, total) =>
      context.progress(done, total, `events into ${model.name}`),
    );
    const seconds = (performance.now() - begun) / 1000;
    if (rebuilt.comparable && rebuilt.digest !== rebuilt.replaced) drifted = true;
    yield* context.out(
      context.json ? JSON.stringify({ ...rebuilt, seconds }) : line(rebuilt, seconds),
    );
  }
  if (positionals.includes(USER_SEARCH)) {
    const events = yield* rebuildUserSearch((done, total) =>
      context.progress(done, total, `events into ${USER_SEARCH}`),
    );
    yield* context.out(
      context.json
        ? JSON.stringify({ model: USER_SEARCH, events })
        : `${USER_SEARCH} made anew from ${events} events`,
    );
  }
  return drifted ? 1 : 0;
});

function line(rebuilt: Rebuilt, seconds: number): string {
  const { model, version, events, digest, replaced, comparable, parked } = rebuilt;
  const rate = Math.round(events / Math.max(seconds, 0.001)).toLocaleString("en");
  const digests = !comparable
    ? `${short(digest)} (nothing to compare it with)`
    : digest === replaced
      ? `${short(digest)} as before`
      : `${short(digest)}, before ${short(replaced)}: IT HAD DRIFTED`;
  const stuck = parked === 0 ? "" : `, ${parked} keys parked`;
  const name = model.padEnd(NAME_COLUMNS);
  return `${name}v${version}  ${events} events, ${rate}/s, digest ${digests}${stuck}`;
}

function short(digest: string): string {
  return digest === "" ? "empty" : digest.slice(0, 12);
}
