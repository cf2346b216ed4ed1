import * as Effect from "effect/Effect";
import type { ClientRow } from "../../projections/clients.ts";
import { accessOf } from "../clients/access.ts";

/**
 * Whether somebody may sign in to an application: everybody, or whom a tuple of the platform's own
 * store lets. Read from the shared tables: what was taken away counts at once, in every process.
 */
export const mayUse = (userId: string, { clientId, accessPolicy }: ClientRow) =>
  accessPolicy === "all"
    ? Effect.succeed(true)
    : Effect.map(accessOf({ clientId, userId }), (held) => held.length > 0);
