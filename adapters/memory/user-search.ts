import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type { SearchField } from "../../domain/user/search-words.ts";
import { CANDIDATES_MAX, type SearchPlace, UserSearch } from "../ports/user-search.ts";

type Indexed = { readonly at: number; readonly terms: ReadonlySet<string> };
type Person = { createdMs: number; gone: boolean; readonly fields: Map<SearchField, Indexed> };

/** The search index in a `Map`; nothing survives the process, so terms stand as they are. */
export const layer: Layer.Layer<UserSearch> = Layer.sync(UserSearch, () => {
  const people = new Map<string, Person>();
  let indexed = 0;
  const personOf = (userId: string): Person => {
    const known = people.get(userId) ?? { createdMs: 0, gone: false, fields: new Map() };
    people.set(userId, known);
    return known;
  };
  const has = ({ fields }: Person, term: string) =>
    [...fields.values()].some(({ terms }) => terms.has(term));
  return {
    index: (changes) =>
      Effect.sync(() => {
        for (const { userId, position, createdMs, terms = {} } of changes) {
          indexed = Math.max(indexed, position);
          const person = personOf(userId);
          if (person.gone) continue;
          if (createdMs !== undefined) person.createdMs = createdMs;
          for (const [field, words = []] of Object.entries(terms)) {
            const { at = 0 } = person.fields.get(field as SearchField) ?? {};
            if (position < at) continue;
            person.fields.set(field as SearchField, { at: position, terms: new Set(words) });
          }
        }
      }),
    clear: (userId) =>
      Effect.sync(() => {
        const person = personOf(userId);
        person.gone = true;
        person.fields.clear();
      }),
    find: ({ terms, limit, after }) =>
      Effect.sync(() => {
        const candidates = [...people]
          .filter(([, person]) => terms.some((term) => has(person, term)))
          .map(([userId, { createdMs }]) => ({ userId, createdMs }))
          .filter((place) => after === undefined || compare(place, after) > 0)
          .sort(compare)
          .slice(0, CANDIDATES_MAX);
        const all = candidates.filter(({ userId }) =>
          terms.every((term) => has(personOf(userId), term)),
        );
        const found = all.slice(0, limit);
        if (all.length > limit) return { found, next: found.at(-1) };
        return { found, next: candidates.length < CANDIDATES_MAX ? undefined : candidates.at(-1) };
      }),
    reset: Effect.sync(() => {
      for (const [userId, { gone }] of people) if (!gone) people.delete(userId);
      indexed = 0;
    }),
    position: Effect.sync(() => indexed),
  };
});

function compare(one: SearchPlace, other: SearchPlace): number {
  if (one.createdMs !== other.createdMs) return one.createdMs - other.createdMs;
  return one.userId < other.userId ? -1 : Number(one.userId > other.userId);
}
