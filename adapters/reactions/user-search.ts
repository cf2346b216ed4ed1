import * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import type { Sealed } from "../../domain/sealed.ts";
import type { UserEvent } from "../../domain/user/mod.ts";
import { indexedTerms, type SearchField } from "../../domain/user/search-words.ts";
import { userCodec } from "../codec/user.ts";
import { Consumers } from "../ports/consumers.ts";
import { LedgerCorrupt, Ledgers, READ_LIMIT_MAX } from "../ports/ledger.ts";
import { NotYet } from "../ports/read-models.ts";
import { Sealer } from "../ports/sealer.ts";
import { type SearchChange, UserSearch } from "../ports/user-search.ts";

/** A new way to cut terms gets a new name: its follower begins at the first event. */
export const USER_SEARCH_FOLLOWER = "user-search";

/** A lost notification delays a waiting reader this long at most. */
const LOOK_INTERVAL = Duration.millis(25);

type Values = { readonly [field in SearchField]?: Sealed | null | undefined };
type Fact =
  | { readonly kind: "values"; readonly values: Values; readonly begins?: true }
  | { readonly kind: "end" };

/** What an event says of how a person is found; undefined when nothing. */
function factOf(event: UserEvent): Fact | undefined {
  switch (event.type) {
    case "UserSignedUp":
      return { kind: "values", values: { email: event.email, name: event.name }, begins: true };
    case "UserCreated": {
      const { email, name, username } = event;
      return { kind: "values", values: { email, name, username }, begins: true };
    }
    case "GuestAdmitted":
      return { kind: "values", values: {}, begins: true };
    case "GuestPromoted":
      return { kind: "values", values: { email: event.email, name: event.name } };
    case "EmailReplaced":
      return { kind: "values", values: { email: event.email } };
    case "UsernameChosen":
      return { kind: "values", values: { username: event.username } };
    case "ProfileRevised":
      return event.name === undefined
        ? undefined
        : { kind: "values", values: { name: event.name } };
    case "UserErased":
    case "GuestLeft":
    case "GuestEvicted":
    case "IdentityMerged":
      return { kind: "end" };
    case "EmailVerified":
    case "PasswordEnrolled":
    case "PasswordReplaced":
    case "PasswordRemoved":
    case "PasswordRehashed":
    case "ProviderLinked":
    case "ProviderUnlinked":
    case "RoleGranted":
    case "RoleRevoked":
    case "UserBlocked":
    case "UserUnblocked":
      return undefined;
    default:
      return event satisfies never;
  }
}

const HANDLED: ReadonlyArray<UserEvent["type"]> = [
  "UserSignedUp",
  "UserCreated",
  "GuestAdmitted",
  "GuestPromoted",
  "EmailReplaced",
  "UsernameChosen",
  "ProfileRevised",
  "UserErased",
  "GuestLeft",
  "GuestEvicted",
  "IdentityMerged",
];

/** Brings the index up to date with records that concern it, in order. */
export const indexUsers = Effect.fnUntraced(function* (records: ReadonlyArray<LedgerRecord>) {
  const search = yield* UserSearch;
  const places: Array<{
    readonly at: number;
    readonly field: SearchField;
    readonly sealed: Sealed;
  }> = [];
  const changes: Array<SearchChange> = [];
  const ended: Array<string> = [];
  const cleared: Array<Set<SearchField>> = [];
  for (const record of records) {
    const event = userCodec.decode(record);
    if (event === undefined) {
      const { ledger, position, type } = record;
      return yield* new LedgerCorrupt({ ledger, position, problem: `cannot decode ${type}` });
    }
    const fact = factOf(event);
    const userId = record.stream.slice(userCodec.category.length + 1);
    if (fact?.kind === "end") ended.push(userId);
    const begins = fact?.kind === "values" && fact.begins === true;
    changes.push({
      userId,
      position: record.position,
      ...(begins ? { createdMs: Date.parse(record.at) } : {}),
    });
    const values = fact?.kind === "values" ? Object.entries(fact.values) : [];
    const empty = new Set<SearchField>();
    for (const [field, sealed] of values as ReadonlyArray<[SearchField, Values[SearchField]]>) {
      if (sealed === null) empty.add(field);
      else if (sealed !== undefined) places.push({ at: changes.length - 1, field, sealed });
    }
    cleared.push(empty);
  }
  const opened = yield* (yield* Sealer).open(
    places.map(({ field, sealed }) => ({ ledger: "identity", field: `user.${field}`, sealed })),
  );
  yield* search.index(
    changes.map((change, index) => {
      const terms: { [field in SearchField]?: ReadonlyArray<string> } = {};
      for (const field of cleared[index] ?? []) terms[field] = [];
      places.forEach(({ at, field }, place) => {
        const value = opened[place];
        // The key is gone: the person is erased, and the fact that says so follows.
        if (at === index) terms[field] = value === undefined ? [] : indexedTerms(field, value);
      });
      return { ...change, terms };
    }),
  );
  yield* Effect.forEach(ended, search.clear, { discard: true });
});

/** Keeps the search index, for ever. */
export const runUserSearch = Effect.gen(function* () {
  return yield* (yield* Consumers).run({
    name: USER_SEARCH_FOLLOWER,
    ledger: "identity",
    handles: HANDLED,
    handle: (record) => indexUsers([record]),
    handleMany: indexUsers,
  });
});

/**
 * Forgets the index and has it made anew from the first event, by whichever process keeps it; this
 * one does where no other runs. Until it is done people are found in part, and `at_least` waits.
 */
export const rebuildUserSearch = (onProgress: (done: number, total: number) => void) =>
  Effect.gen(function* () {
    const { identity } = yield* Ledgers;
    const search = yield* UserSearch;
    const { position: wanted } = yield* identity.head;
    yield* search.reset;
    const finished = Effect.gen(function* () {
      onProgress(yield* search.position, wanted);
      return yield* isIndexed(wanted);
    }).pipe(Effect.repeat({ until: (done) => done, schedule: Schedule.spaced(LOOK_INTERVAL) }));
    yield* Effect.raceFirst(finished, runUserSearch);
    return wanted;
  });

/**
 * Where nothing is missing up to, as this process found when the index was at `since`: a position
 * of a fact that does not concern it is written down by nobody.
 */
type Passed = { readonly since: number; readonly to: number };
const passed = new WeakMap<UserSearch["Service"], Passed>();

/** Whether the index has every fact up to the position. */
const isIndexed = (wanted: number) =>
  Effect.gen(function* () {
    const search = yield* UserSearch;
    const { identity } = yield* Ledgers;
    const since = yield* search.position;
    const before = passed.get(search);
    // Made anew since, it is behind what was known.
    let known = before !== undefined && before.since <= since ? Math.max(before.to, since) : since;
    while (known < wanted) {
      const records = yield* identity.read({ from: known + 1, limit: READ_LIMIT_MAX });
      const missing = records.find(isHandled);
      known = (missing?.position ?? (records.at(-1)?.position ?? known) + 1) - 1;
      passed.set(search, { since, to: known });
      if (missing !== undefined || records.length === 0) break;
    }
    return known >= wanted;
  });

/** Returns once the index has every fact up to the position; waits at most `deadlineMs`. */
export const reachUserSearch = (wanted: number, deadlineMs: number) =>
  isIndexed(wanted).pipe(
    Effect.repeat({ until: (reached) => reached, schedule: Schedule.spaced(LOOK_INTERVAL) }),
    Effect.timeoutOrElse({
      duration: deadlineMs,
      orElse: () =>
        Effect.gen(function* () {
          const reached = yield* (yield* UserSearch).position;
          return yield* new NotYet({ model: USER_SEARCH_FOLLOWER, wanted, reached });
        }),
    }),
  );

function isHandled({ type }: LedgerRecord): boolean {
  return (HANDLED as ReadonlyArray<string>).includes(type);
}
