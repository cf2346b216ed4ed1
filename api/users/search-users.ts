import * as Effect from "effect/Effect";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { type SearchPlace, UserSearch } from "../../adapters/ports/user-search.ts";
import { wantedTerms } from "../../domain/user/search-words.ts";
import { type UserRow, users } from "../../projections/users.ts";
import { parsePosition } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { Id } from "../http/schemas.ts";

/** Pages of the index that one request looks through while filters leave its own page short. */
const LOOKS_MAX = 5;

type PageOf = { readonly limit: number; readonly cursor?: string };
type Rows = { readonly rows: ReadonlyArray<UserRow>; readonly nextCursor: string | undefined };

/**
 * People who have every word of the query at the beginning of a word of their name, username or
 * e-mail address, or whose id it is; of them those with all the tags. A page may be short.
 *
 * Errors: 400 invalid_field when no word is long enough to look for, there are too many, or the
 * cursor is not of a search.
 */
export const searchUsers = (q: string, tags: ReadonlyArray<string>, page: PageOf) =>
  Effect.gen(function* () {
    const models = yield* ReadModels;
    const isWanted = (row: UserRow) => tags.every((tag) => users.index(row).tags.includes(tag));
    const id = Id.safeParse(q.trim().toLowerCase());
    if (id.success) {
      const row = (yield* models.get("users", id.data))?.row as UserRow | undefined;
      const rows = row !== undefined && isWanted(row) ? [row] : [];
      return { rows, nextCursor: undefined } satisfies Rows;
    }
    const terms = wantedTerms(q);
    if (terms === undefined) return yield* refuse(400, "invalid_field", { field: "q" });
    const search = yield* UserSearch;
    const rows: Array<UserRow> = [];
    let after = placeIn(page.cursor);
    if (page.cursor !== undefined && after === undefined) {
      return yield* refuse(400, "invalid_field", { field: "cursor" });
    }
    for (let look = 0; look < LOOKS_MAX; look++) {
      const limit = page.limit - rows.length;
      const { found, next } = yield* search.find({ terms, limit, ...(after && { after }) });
      const ids = found.map(({ userId }) => userId);
      const loaded = new Map((yield* models.many("users", ids)).map(({ key, row }) => [key, row]));
      for (const userId of ids) {
        const row = loaded.get(userId) as UserRow | undefined;
        if (row !== undefined && isWanted(row)) rows.push(row);
      }
      after = next;
      if (next === undefined || rows.length >= page.limit) break;
    }
    return { rows, nextCursor: after && cursorAt(after) } satisfies Rows;
  });

function cursorAt({ createdMs, userId }: SearchPlace): string {
  return Buffer.from(JSON.stringify([String(createdMs), userId])).toString("base64url");
}

/** Undefined for a cursor that no search gave out. */
function placeIn(cursor: string | undefined): SearchPlace | undefined {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor ?? "", "base64url").toString("utf8"));
    const [createdMs, userId] = Array.isArray(place) ? (place as ReadonlyArray<unknown>) : [];
    const id = Id.safeParse(userId);
    const at = typeof createdMs === "string" ? parsePosition(createdMs) : undefined;
    return at !== undefined && id.success ? { createdMs: at, userId: id.data } : undefined;
  } catch {
    return undefined;
  }
}
