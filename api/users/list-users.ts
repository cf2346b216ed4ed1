import * as Effect from "effect/Effect";
import { z } from "zod";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { reachUserSearch } from "../../adapters/reactions/user-search.ts";
import { type UserRow, users } from "../../projections/users.ts";
import { REACH_DEADLINE_MS, reachAll, resolveAsOf } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { scopedRoute } from "../http/route.ts";
import { cursor, limit, PAGE_DEFAULT, pageOf, text } from "../http/schemas.ts";
import { hasAnyRole, opensPeople, USER_READER } from "../session/gate.ts";
import { searchUsers } from "./search-users.ts";
import { UserView, viewUsers, volatileAt } from "./user-view.ts";

/** Characters of a query: more than the words that are looked for may have. */
const QUERY_MAX = 200;

const Query = z.strictObject({
  q: text(QUERY_MAX).exactOptional(),
  role: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,63}$/)
    .exactOptional(),
  status: z.enum(["active", "blocked", "erased"]).exactOptional(),
  limit,
  cursor,
});

export const listUsers = scopedRoute({
  method: "GET",
  path: "/v1/users",
  summary: "Everybody, or whom words find, oldest first; as of a position or time for auditors",
  auth: USER_READER,
  scope: "users:read",
  query: Query,
  reads: ["users"],
  asOf: true,
  responses: { 200: { description: "A page of users", schema: pageOf(UserView) } },
  handler: ({ query, caller, asOf, atLeast }) =>
    Effect.gen(function* () {
      // The index knows nobody's past.
      if (query.q !== undefined && asOf !== undefined) {
        return yield* refuse(400, "invalid_field", { field: "as_of" });
      }
      if (asOf !== undefined && !hasAnyRole(caller, ["auditor", "architect"])) {
        return yield* refuse(403, "forbidden", { requires: "auditor" });
      }
      const tags = [
        ...(query.role === undefined ? [] : [`role:${query.role}`]),
        ...(query.status === undefined ? [] : [`status:${query.status}`]),
      ];
      const page = { limit: query.limit ?? PAGE_DEFAULT, ...only(query.cursor) };
      if (query.q !== undefined && atLeast !== undefined) {
        yield* reachUserSearch(atLeast, REACH_DEADLINE_MS);
      }
      const { rows, nextCursor } = yield* query.q !== undefined
        ? searchUsers(query.q, tags, page)
        : asOf === undefined
          ? rowsNow(tags, page)
          : rowsThen(tags, page, yield* resolveAsOf(asOf));
      const opens = opensPeople(caller);
      const items = yield* viewUsers(rows, { opens, ...volatileAt(asOf) });
      return { status: 200, body: { items, ...(nextCursor === undefined ? {} : { nextCursor }) } };
    }),
});

type PageOf = { readonly limit: number; readonly cursor?: string };

function only(after: string | undefined): { readonly cursor?: string } {
  return after === undefined ? {} : { cursor: after };
}

const rowsNow = (tags: ReadonlyArray<string>, page: PageOf) =>
  Effect.gen(function* () {
    const { items, nextCursor } = yield* (yield* ReadModels).list("users", { tags, ...page });
    return { rows: items.map(({ row }) => row as UserRow), nextCursor };
  });

/**
 * Rows never go away, so those of now are those of then and some more; a page of the past may hold
 * fewer than `limit`, and its cursor still leads on.
 */
const rowsThen = (tags: ReadonlyArray<string>, page: PageOf, position: number) =>
  Effect.gen(function* () {
    const models = yield* ReadModels;
    yield* reachAll(["users"], position);
    const { items, nextCursor } = yield* models.list("users", page);
    const keys = items.map(({ key }) => key);
    const then = new Map(
      (yield* models.manyAsOf("users", keys, position)).map(({ key, row }) => [key, row]),
    );
    const rows = keys.flatMap((key) => (then.get(key) as UserRow | undefined) ?? []);
    return {
      rows: rows.filter((row) => tags.every((tag) => users.index(row).tags.includes(tag))),
      nextCursor,
    };
  });
