import * as Effect from "effect/Effect";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import type { UserRow } from "../../projections/users.ts";

/** Hex digits of an id that tell people apart on one page. */
const ID_SHOWN = 8;

/** Who acted, as `actor` of an event has it, for one reader. */
export type ActorNames = (actor: string) => string;

/**
 * Names of whoever acted. With `opens`, people by what they are called; else by the beginning of
 * their id, so that nobody learns another's name from their own history.
 */
export const actorNames = (actors: ReadonlyArray<string>, { opens }: { readonly opens: boolean }) =>
  Effect.gen(function* () {
    const people = [...new Set(actors)].flatMap((actor) =>
      actor.startsWith("user:") ? [actor.slice("user:".length)] : [],
    );
    const called = opens ? yield* calledNow(people) : new Map<string, string>();
    const name: ActorNames = (actor) => {
      const [kind, id = ""] = [actor.slice(0, actor.indexOf(":")), actor.split(":", 2)[1]];
      switch (kind) {
        case "user":
          return called.get(id) ?? `user ${id.slice(0, ID_SHOWN)}`;
        case "process":
          return "the server";
        case "operator":
          return "an operator";
        case "import":
          return "an import";
        default:
          return actor;
      }
    };
    return name;
  });

const calledNow = (ids: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    if (ids.length === 0) return new Map<string, string>();
    const rows = (yield* (yield* ReadModels).many("users", ids)).map(({ row }) => row as UserRow);
    const values = rows.flatMap((row) => {
      const field = (["name", "username", "email"] as const).find((one) => row[one] !== undefined);
      const sealed = field === undefined ? undefined : row[field];
      return field === undefined || sealed === undefined ? [] : [{ id: row.id, field, sealed }];
    });
    const opened = yield* (yield* Sealer).open(
      values.map(({ field, sealed }) => ({ ledger: "identity", field: `user.${field}`, sealed })),
    );
    return new Map(
      values.flatMap(({ id }, at) => {
        const value = opened[at];
        return value === undefined ? [] : [[id, value] as const];
      }),
    );
  });
