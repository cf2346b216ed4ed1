import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { invariant } from "../../domain/invariant.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { ReadModel } from "../../projections/catalogue.ts";

/** Longer than an entry of an index may be. */
export const LONG = `long:${"x".repeat(3_000)}`;

/**
 * Counts the events of a user. It is planted among real events, and cannot fold `UserUnblocked`.
 */
export const counts: ReadModel = {
  name: "counts",
  version: 1,
  ledger: "identity",
  handles: ["GuestAdmitted", "UserErased", "UserUnblocked"],
  keys: (event) => [event.subject],
  evolve: (row, event) => {
    invariant(event.type !== "UserUnblocked", "this fold cannot do it");
    if (event.type === "UserErased") return undefined;
    const { count } = row ?? {};
    return { count: typeof count === "number" ? count + 1 : 1 };
  },
  index: ({ count }) => ({
    sort: `s${count}`,
    tags: ["all", `count:${count}`, ...(Number(count) > 40 ? [`${LONG}${count}`] : [])],
  }),
};

/** What a test writes: counted, not handled, row removed, not foldable, not decodable. */
export type Note = "Noted" | "Ignored" | "Removed" | "Broken" | "Garbled";

/** The drafts of each. */
export const drafts: Readonly<Record<Note, { type: string; schema: number; data: JsonObject }>> = {
  Noted: { type: "GuestAdmitted", schema: 1, data: {} },
  Ignored: { type: "RoleGranted", schema: 1, data: { role: "admin" } },
  Removed: { type: "UserErased", schema: 1, data: { accounts: [], roles: [] } },
  Broken: { type: "UserUnblocked", schema: 1, data: {} },
  Garbled: { type: "GuestAdmitted", schema: 99, data: { from: "a newer program" } },
};

/** Appends events of one user in one request; answers the position of the last. */
export const note = (key: string, ...notes: ReadonlyArray<Note>) =>
  Effect.gen(function* () {
    const { identity } = yield* Ledgers;
    const { position } = yield* identity.append({
      requestId: randomUUID(),
      stream: `user-${key}`,
      expect: "any",
      entries: notes.map((what) => drafts[what]),
      meta: { actor: "process:test", correlation: randomUUID() },
    });
    return position;
  });
