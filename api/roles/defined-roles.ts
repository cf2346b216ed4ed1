import * as Effect from "effect/Effect";
import { roleCodec } from "../../adapters/codec/role.ts";
import { load } from "../../adapters/transact.ts";
import { ROLE_NAME, role } from "../../domain/role/mod.ts";
import { ROLES } from "../../domain/user/mod.ts";

/**
 * Which of the names are roles of this installation's own now, from their streams: a read model may
 * be a moment behind.
 */
export const definedAmong = (names: ReadonlyArray<string>) =>
  Effect.filter(
    [...new Set(names)].filter((name) => !Object.hasOwn(ROLES, name) && ROLE_NAME.test(name)),
    (name) =>
      Effect.map(
        load({ decider: role, codec: roleCodec }, name),
        ({ state }) => state.status === "defined",
      ),
  );
