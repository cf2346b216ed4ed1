import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { Keyring } from "../ports/keyring.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";
import {
  CANDIDATES_MAX,
  type SearchChange,
  type SearchPlace,
  UserSearch,
} from "../ports/user-search.ts";
import { Database } from "./database.ts";

/** The term that fewest have, counted as far as it matters for which one leads. */
const RAREST = `SELECT w.term::TEXT AS term, (SELECT count(*)::INT FROM (
    SELECT 1 FROM authledger.user_search_terms t
    WHERE t.ledger = 'identity' AND t.term = w.term LIMIT $2) c) AS people
  FROM unnest($1::BIGINT[]) AS w(term) ORDER BY people LIMIT 1`;
/**
 * Of the people who have the leading term, in order and no more than are looked at, those who have
 * the others too. It ends with the last one that is wanted: what comes after is not even read.
 */
const FIND = `SELECT c.created_ms AS "createdMs", c.user_id::TEXT AS "userId" FROM (
    SELECT created_ms, user_id FROM authledger.user_search_terms
    WHERE ledger = 'identity' AND term = $1 AND (created_ms, user_id) > ($3::BIGINT, $4::UUID)
    ORDER BY created_ms, user_id LIMIT $5) c
  WHERE NOT EXISTS (
    SELECT 1 FROM unnest($2::BIGINT[]) AS w(term) WHERE NOT EXISTS (
      SELECT 1 FROM authledger.user_search_terms t WHERE t.ledger = 'identity'
        AND t.term = w.term AND t.created_ms = c.created_ms AND t.user_id = c.user_id))
  ORDER BY c.created_ms, c.user_id LIMIT $6`;
/** The last of those who are looked at, when there may be more. */
const LAST = `SELECT created_ms AS "createdMs", user_id::TEXT AS "userId"
  FROM authledger.user_search_terms
  WHERE ledger = 'identity' AND term = $1 AND (created_ms, user_id) > ($2::BIGINT, $3::UUID)
  ORDER BY created_ms, user_id OFFSET $4 LIMIT 1`;
const POSITION = `SELECT position FROM authledger.cursors
  WHERE ledger = 'identity' AND name = $1 AND build = 0`;

/** Before everybody. */
const BEGINNING: SearchPlace = { createdMs: -1, userId: "00000000-0000-0000-0000-000000000000" };

/** The search index as tables; `follower` names the consumer that keeps it. */
export const layer = (follower: string): Layer.Layer<UserSearch, never, Database | Keyring> =>
  Layer.effect(
    UserSearch,
    Effect.gen(function* () {
      const { query } = yield* Database;
      const { searchTerm } = yield* Keyring;
      const asked = <Row>(statement: string, parameters: ReadonlyArray<unknown> = []) =>
        query<Row>(statement, parameters).pipe(Effect.mapError(storeUnavailable));
      const name = `consumer:${follower}`;
      const digests = (terms: ReadonlyArray<string>) =>
        terms.map((term) => String(searchTerm(term)));
      const stored = ({ userId, position, createdMs, terms = {} }: SearchChange) => ({
        user: userId,
        position,
        ...(createdMs === undefined ? {} : { created: createdMs }),
        ...Object.fromEntries(
          Object.entries(terms).map(([field, words]) => [field, digests(words ?? [])]),
        ),
      });
      return UserSearch.of({
        index: (changes) =>
          Effect.forEach(
            parts(changes),
            (part) =>
              asked("SELECT authledger.index_user_search($1::JSONB)", [
                JSON.stringify(part.map(stored)),
              ]),
            { discard: true },
          ),
        clear: (userId) =>
          Effect.asVoid(asked("SELECT authledger.clear_user_search($1)", [userId])),
        find: ({ terms, limit, after = BEGINNING }) =>
          Effect.gen(function* () {
            const wanted = digests(terms);
            const alone = wanted.length === 1;
            const [rarest] = alone
              ? wanted
              : (yield* asked<{ term: string }>(RAREST, [wanted, CANDIDATES_MAX])).map(
                  ({ term }) => term,
                );
            const others = wanted.filter((term) => term !== rarest);
            const place = [after.createdMs, after.userId];
            const matching = yield* asked<SearchPlace>(FIND, [
              ...[rarest, others, ...place],
              ...[CANDIDATES_MAX, limit + 1],
            ]);
            const found = matching.slice(0, limit);
            if (matching.length > limit) return { found, next: found.at(-1) };
            const [next] = yield* asked<SearchPlace>(LAST, [rarest, ...place, CANDIDATES_MAX - 1]);
            return { found, next };
          }),
        reset: Effect.asVoid(asked("SELECT authledger.reset_user_search($1)", [name])),
        position: Effect.map(
          asked<{ position: number }>(POSITION, [name]),
          ([row]) => row?.position ?? 0,
        ),
      });
    }),
  );

/** People of one statement: about 2,000 rows, which hold PGlite's event loop for 50 ms. */
const PART = 100;

function parts(changes: ReadonlyArray<SearchChange>): ReadonlyArray<ReadonlyArray<SearchChange>> {
  const count = Math.ceil(changes.length / PART);
  return Array.from({ length: count }, (_, at) => changes.slice(at * PART, (at + 1) * PART));
}
