import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  CANDIDATES_MAX,
  type SearchChange,
  type SearchPlace,
  UserSearch,
} from "../../adapters/ports/user-search.ts";

/** Every store of the search index runs this suite. */
export function userSearchContract<E>(
  name: string,
  makeLayer: () => Layer.Layer<UserSearch, E>,
): void {
  describe(`UserSearch contract: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<UserSearch, E>;
    beforeAll(() => {
      runtime = ManagedRuntime.make(makeLayer());
    });
    afterAll(() => runtime.dispose());
    const use = <A, F>(ask: (search: UserSearch["Service"]) => Effect.Effect<A, F>) =>
      runtime.runPromise(Effect.flatMap(Effect.service(UserSearch), ask));
    beforeEach(() => use(({ reset }) => reset));
    const index = (...changes: ReadonlyArray<SearchChange>) =>
      use((search) => search.index(changes));
    const find = async (terms: ReadonlyArray<string>, limit = 50, after?: SearchPlace) =>
      use((search) => search.find({ terms, limit, ...(after === undefined ? {} : { after }) }));
    const ids = async (...terms: ReadonlyArray<string>) =>
      (await find(terms)).found.map(({ userId }) => userId);

    test("somebody is found by every term that they have, and by no other", async () => {
      const [ada, bob] = [randomUUID(), randomUUID()];
      await index(
        { userId: ada, position: 1, createdMs: 1, terms: { name: ["ad", "ada"], email: ["ada@"] } },
        { userId: bob, position: 2, createdMs: 2, terms: { name: ["bo"], email: ["ad"] } },
      );
      expect(await ids("ada")).toEqual([ada]);
      expect(await ids("ad")).toEqual([ada, bob]);
      expect(await ids("ad", "ada@")).toEqual([ada]);
      expect(await ids("ad", "bo", "ada")).toEqual([]);
      expect(await ids("a")).toEqual([]);
    });

    test("a field that changes forgets what it was, and the others stay", async () => {
      const userId = randomUUID();
      await index({
        userId,
        position: 1,
        createdMs: 1,
        terms: { name: ["ad"], email: ["ad", "x@"] },
      });
      await index({ userId, position: 2, terms: { email: ["bo"] } });
      expect(await ids("ad")).toEqual([userId]);
      expect(await ids("x@")).toEqual([]);
      await index({ userId, position: 3, terms: { name: [] } });
      expect(await ids("ad")).toEqual([]);
      expect(await ids("bo")).toEqual([userId]);
    });

    test("a change that comes again or late changes nothing", async () => {
      const userId = randomUUID();
      const first = { userId, position: 4, createdMs: 1, terms: { name: ["ad"] } };
      const second = { userId, position: 5, terms: { name: ["bo"] } };
      await index(first, second);
      await index(first, second);
      await index(first);
      expect([await ids("ad"), await ids("bo")]).toEqual([[], [userId]]);
    });

    test("who is cleared is never indexed again, not even by a reset", async () => {
      const [before, after] = [randomUUID(), randomUUID()];
      const changes = [before, after].map((userId) => {
        return { userId, position: 1, createdMs: 1, terms: { name: ["ad"] } };
      });
      await index(...changes.slice(0, 1));
      await use(({ clear }) => Effect.andThen(clear(before), clear(after)));
      expect(await ids("ad")).toEqual([]);
      await index(...changes);
      expect(await ids("ad")).toEqual([]);
      await use(({ reset }) => reset);
      await index(...changes);
      expect(await ids("ad")).toEqual([]);
    });

    test("of 50 who index and clear at once nobody is left", async () => {
      const userId = randomUUID();
      await Promise.all(
        Array.from({ length: 50 }, (_, at) =>
          at % 2 === 0
            ? index({ userId, position: at, createdMs: 1, terms: { name: [`t${at}`, "ad"] } })
            : use(({ clear }) => clear(userId)),
        ),
      );
      expect(await ids("ad")).toEqual([]);
    });

    test("pages come in the order in which people came to be, each of them once", async () => {
      const people: ReadonlyArray<string> = Array.from({ length: 7 }, () => randomUUID()).sort();
      await index(
        ...people.map((userId, at) => {
          const terms = { name: at % 2 === 0 ? ["ad", "lo"] : ["ad"] };
          return { userId, position: at + 1, createdMs: 7 - Math.floor(at / 2), terms };
        }),
      );
      const walk = async (...terms: ReadonlyArray<string>) => {
        const seen: Array<SearchPlace> = [];
        let after: SearchPlace | undefined;
        do {
          const page = await find(terms, 2, after);
          seen.push(...page.found);
          after = page.next;
        } while (after !== undefined);
        return seen;
      };
      const all = await walk("ad");
      expect(all.map(({ userId }) => userId).toSorted()).toEqual(people);
      expect(all).toEqual(
        all.toSorted((a, b) => a.createdMs - b.createdMs || (a.userId < b.userId ? -1 : 1)),
      );
      expect(await walk("ad", "lo")).toEqual(
        all.filter(({ userId }) => people.indexOf(userId) % 2 === 0),
      );
    });

    test("one page looks at a bounded number of people, and still leads on", async () => {
      const many = 2 * CANDIDATES_MAX + 21;
      await index(
        ...Array.from({ length: many }, (_, at) => ({
          userId: randomUUID(),
          position: at + 1,
          createdMs: at,
          terms: { name: at === many - 1 ? ["ad", "bo"] : at % 2 === 0 ? ["ad"] : ["bo"] },
        })),
      );
      const found: Array<number> = [];
      let page = await find(["ad", "bo"]);
      expect(page).toMatchObject({ found: [], next: { createdMs: expect.any(Number) } });
      for (;;) {
        found.push(...page.found.map(({ createdMs }) => createdMs));
        if (page.next === undefined) break;
        page = await find(["ad", "bo"], 50, page.next);
      }
      expect(found).toEqual([many - 1]);
    });
  });
}
