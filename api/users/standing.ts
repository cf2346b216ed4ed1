import * as Effect from "effect/Effect";
import { architectsCodec } from "../../adapters/codec/architects.ts";
import { load } from "../../adapters/transact.ts";
import { architects } from "../../domain/architects/mod.ts";
import type { By, Target } from "../../domain/user/mod.ts";
import { effectiveRoles } from "../../projections/users.ts";
import type { Caller } from "../session/caller.ts";

/** The one stream of architects. */
export const ARCHITECTS = "all";

/** Who owns the server now, from the stream itself: a read model may be a moment behind. */
export const architectsNow = Effect.map(
  load({ decider: architects, codec: architectsCodec }, ARCHITECTS),
  ({ state }) => state,
);

/** Who commands and whom it is about, as the deciders want to know it. */
export const administration = (caller: Caller, userId: string) =>
  Effect.map(architectsNow, (now) => {
    const { userId: id, user, token } = caller;
    // A machine may do what its scopes say, up to what an admin may.
    const isAdmin = token?.isMachine === true || effectiveRoles(user).includes("admin");
    const rank = now.has(id) ? "architect" : isAdmin ? "admin" : "other";
    const by: By = { id, rank };
    const target: Target = { id: userId, architect: now.has(userId) };
    return { by, target };
  });
