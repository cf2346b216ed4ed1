import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { SearchField } from "../../domain/user/search-words.ts";
import type { StoreUnavailable } from "./store-unavailable.ts";

/**
 * People looked at for one page at most: two words that many have and nobody both must not read the
 * whole index in one request. `next` is where the following one goes on.
 */
export const CANDIDATES_MAX = 1_000;

/** What one fact changed in what a person is found by. */
export type SearchChange = {
  readonly userId: string;
  /** Of the fact: an older one changes nothing of what a newer one said. */
  readonly position: number;
  /** When the person came to be, in milliseconds since 1970, of the fact that says so. */
  readonly createdMs?: number;
  /** All terms of each field that changed; none, when it was cleared. */
  readonly terms?: { readonly [field in SearchField]?: ReadonlyArray<string> };
};

/** A place in the order of people: by when they came to be, then by id. */
export type SearchPlace = { readonly createdMs: number; readonly userId: string };

export type SearchPage = {
  /** Whoever has all the terms, in order. */
  readonly found: ReadonlyArray<SearchPlace>;
  /** Where the next page begins, after this place; undefined at the end. */
  readonly next: SearchPlace | undefined;
};

/**
 * By which beginnings of words people are found. Volatile: made from events and made again from
 * them, outside digests and `as_of`.
 *
 * Terms go in and stay there only as HMACs under the index key, cut to 64 bits: among 10^8 terms
 * two are alike with a probability of 3 in 10,000, and then somebody is shown who does not match.
 */
export class UserSearch extends Context.Service<
  UserSearch,
  {
    /** Applies changes in order. Idempotent; a person who was cleared is never indexed again. */
    readonly index: (changes: ReadonlyArray<SearchChange>) => Effect.Effect<void, StoreUnavailable>;
    /** Forgets the person for ever, also what is still to be indexed of their past. */
    readonly clear: (userId: string) => Effect.Effect<void, StoreUnavailable>;
    readonly find: (query: {
      /** At least one. */
      readonly terms: ReadonlyArray<string>;
      readonly limit: number;
      readonly after?: SearchPlace;
    }) => Effect.Effect<SearchPage, StoreUnavailable>;
    /** Forgets everybody but who was cleared; whoever keeps the index begins again. */
    readonly reset: Effect.Effect<void, StoreUnavailable>;
    /** Every fact up to here that concerns the index is in it. */
    readonly position: Effect.Effect<number, StoreUnavailable>;
  }
>()("authledger/adapters/ports/UserSearch") {}
