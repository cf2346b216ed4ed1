import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SearchChange, UserSearch } from "../../../adapters/ports/user-search.ts";
import { Database } from "../../../adapters/sql/database.ts";
import { layer as userSearch } from "../../../adapters/sql/user-search.ts";
import { type DatabaseLayer, ownPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { keysOn } from "../../support/sql-store.ts";

/** What is counted: some people at the beginning, and as many after all the others. */
const SAMPLE = 50;
const OTHERS = 1_200;
/** Of one person: as an address and a name have them. */
const TERMS = 40;

const searchOn = (database: DatabaseLayer) =>
  userSearch("user-search").pipe(Layer.provideMerge(Layer.fresh(keysOn(database))));

/** How the index grows, with the plans that one connection made over empty tables. */
function grows(name: string, open: () => Promise<Opened>): void {
  describe(`the search index over many people: ${name}`, () => {
    let close = async () => {};
    let run: Run;
    let position = 0;
    const people = new Map<number, string>();
    beforeAll(async () => {
      const { database, drop } = await open();
      const runtime = ManagedRuntime.make(searchOn(database));
      run = (effect) => runtime.runPromise(effect);
      close = async () => {
        await runtime.dispose();
        await drop();
      };
    });
    afterAll(() => close());

    const own = (word: string) => Array.from({ length: TERMS - 1 }, (_, at) => `${word}/${at}`);
    const index = (changes: ReadonlyArray<SearchChange>) =>
      run(Effect.flatMap(UserSearch, (search) => search.index(changes)));
    const arrive = (count: number) =>
      index(
        Array.from({ length: count }, () => {
          const userId = randomUUID();
          people.set(++position, userId);
          const terms = { email: ["ad", ...own(userId)] };
          return { userId, position, createdMs: position, terms };
        }),
      );
    const rename = async (from: number) => {
      for (let at = from; at < from + SAMPLE; at++) {
        const userId = people.get(at) ?? "";
        const terms = { email: ["ad", ...own(`new/${userId}`)] };
        await index([{ userId, position: ++position, terms }]);
      }
    };
    const clear = async (from: number) => {
      for (let at = from; at < from + SAMPLE; at++) {
        await run(Effect.flatMap(UserSearch, (search) => search.clear(people.get(at) ?? "")));
      }
    };
    const find = async (from: number) => {
      for (let at = from; at < from + SAMPLE; at++) {
        const terms = own(people.get(at) ?? "").slice(0, 2);
        const { found } = await run(
          Effect.flatMap(UserSearch, (search) => search.find({ terms, limit: 50 })),
        );
        expect(found).toHaveLength(1);
      }
    };
    /** Pages of the index that were looked at meanwhile. */
    const pages = async (work: () => Promise<unknown>) => {
      const before = await run(LOOKED_AT);
      await work();
      return (await run(LOOKED_AT)) - before;
    };

    test("somebody more costs no more than the first did", async () => {
      const first = {
        arrive: await pages(() => arrive(SAMPLE)),
        find: await pages(() => find(1)),
        rename: await pages(() => rename(1)),
        clear: await pages(() => clear(1)),
      };
      await arrive(OTHERS);
      const from = position + 1;
      const last = {
        arrive: await pages(() => arrive(SAMPLE)),
        find: await pages(() => find(from)),
        rename: await pages(() => rename(from)),
        clear: await pages(() => clear(from)),
      };
      // The tree is a level or two higher; read from end to end it would be hundreds of pages each.
      const most = Object.fromEntries(
        Object.entries(first).map(([what, read]) => [what, 2 * read + 200]),
      );
      expect(
        Object.entries(last).filter(([what, read]) => read > (most[what] ?? 0)),
        JSON.stringify({ first, last }),
      ).toEqual([]);
    });
  });
}

type Opened = { readonly database: DatabaseLayer; readonly drop: () => Promise<void> };
type Run = <A, E>(effect: Effect.Effect<A, E, UserSearch | Database>) => Promise<A>;

const LOOKED_AT = Effect.gen(function* () {
  const { query } = yield* Database;
  yield* query("SELECT pg_stat_force_next_flush()");
  const [row] = yield* query<{ pages: number }>(
    `SELECT sum(idx_blks_read + idx_blks_hit + heap_blks_read + heap_blks_hit)::BIGINT AS pages
     FROM pg_statio_user_tables WHERE relname LIKE 'user\\_search\\_%'`,
  );
  return row?.pages ?? 0;
});

describe("on a server", onPostgres, () =>
  grows("postgres", async () => {
    const own = await ownPostgres();
    // One connection, whose plans are made over empty tables.
    return { database: own.connect(1), drop: own.drop };
  }),
);
