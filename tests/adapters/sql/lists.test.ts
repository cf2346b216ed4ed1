import { randomBytes, randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { type ListQuery, ReadModels } from "../../../adapters/ports/read-models.ts";
import { Database } from "../../../adapters/sql/database.ts";
import { CANDIDATES_MAX } from "../../../adapters/sql/lists.ts";
import { layer as readModels } from "../../../adapters/sql/read-models.ts";
import { rebuild } from "../../../adapters/sql/rebuild.ts";
import { isTuple, type Tuple } from "../../../domain/tuples/mod.ts";
import { tuples } from "../../../projections/tuples.ts";
import { counts, note } from "../../contracts/counts.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { ledgersOn } from "../../support/sql-store.ts";

const FEW = 6_000;
const MANY = 40_000;
const DEADLINE_MS = 10_000;
/** Of a page: each look-up may go down another level of the tree, and no more. */
const withinOneLevel = (many: number, few: number) => many <= 2 * few + 30;

const openOn = (database: DatabaseLayer) =>
  ManagedRuntime.make(
    readModels({ run: true, models: [counts, tuples] }).pipe(
      Layer.provideMerge(ledgersOn(database)),
    ),
  );

lists("pglite", emptyPglite);
describe("on a server", onPostgres, () => lists("postgres", emptyPostgres));

function lists(name: string, database: DatabaseLayer) {
  describe(`Lists on ${name}`, () => {
    let runtime: ReturnType<typeof openOn>;
    beforeAll(async () => {
      runtime = openOn(database);
      await runtime.runPromise(Effect.void);
    });
    afterAll(() => runtime.dispose());
    const sql = <Row>(text: string, parameters: ReadonlyArray<unknown> = []) =>
      runtime.runPromise(
        Effect.flatMap(Effect.service(Database), ({ query }) => query<Row>(text, parameters)),
      );
    const list = (query: ListQuery, model = "counts") =>
      runtime.runPromise(
        Effect.flatMap(Effect.service(ReadModels), (models) => models.list(model, query)),
      );
    const reach = (model: string, position: number) =>
      Effect.flatMap(Effect.service(ReadModels), (models) =>
        models.reach(model, position, DEADLINE_MS),
      );

    test("a rebuild, and the switch to what it made, leave lists as they were", async () => {
      const keys = [randomUUID(), randomUUID(), randomUUID()];
      const [gone = ""] = keys;
      const noted = async (key: string, ...notes: Parameters<typeof note>[1][]) =>
        runtime.runPromise(Effect.tap(note(key, ...notes), (at) => reach("counts", at)));
      for (const key of keys) await noted(key, "Noted", "Noted");
      await noted(gone, "Removed");
      const entries = () => sql("SELECT * FROM authledger.counts_lists ORDER BY tag, sort, key");
      const [page, before] = [await list({ tags: ["count:2"], limit: 9 }), await entries()];
      expect(page.items).toHaveLength(2);
      const { digest, replaced } = await runtime.runPromise(rebuild(counts, () => {}));
      expect(digest).toBe(replaced);
      expect(await list({ tags: ["count:2"], limit: 9 })).toEqual(page);
      expect(await entries()).toEqual(before);
      await noted(keys[1] ?? "", "Noted");
      expect((await list({ tags: ["count:2"], limit: 9 })).items).toHaveLength(1);
      expect((await list({ tags: ["all", "count:3"], limit: 9 })).items).toHaveLength(1);
    });

    test("the longest tuple there may be is found", async () => {
      const word = (length: number) =>
        Array.from(
          randomBytes(length * 2).filter((_, at) => at < length),
          (byte, at) => String.fromCodePoint(0x4e00 + byte * 64 + (at % 64)),
        ).join("");
      const object = `${word(100)}:${word(110)}`;
      const subject = `${word(200)}:${word(240)}`;
      const tuple: Tuple = { object, relation: "r", subject };
      expect(isTuple(tuple)).toBe(true);
      expect(isTuple({ ...tuple, relation: word(16) })).toBe(false);
      const store = randomUUID();
      const position = await runtime.runPromise(
        Effect.gen(function* () {
          const { identity } = yield* Ledgers;
          const written = yield* identity.append({
            requestId: randomUUID(),
            stream: `tuples-${store}`,
            expect: "any",
            entries: [
              {
                type: "TuplesWritten",
                schema: 1,
                data: { writes: [tuple], deletes: [], cause: "" },
              },
            ],
            meta: { actor: "process:test", correlation: randomUUID() },
          });
          return written.position;
        }),
      );
      await runtime.runPromise(reach("tuples", position));
      for (const tags of [
        [`store:${store}`],
        [`${store}|object:${object}`, `${store}|subject:${subject}`],
      ]) {
        const { items } = await list({ tags, limit: 2 }, "tuples");
        expect(items.map(({ row }) => row["subject"])).toEqual([subject]);
      }
    });

    test("a page costs the same however many rows there are, without statistics", async () => {
      const wanted = [[], ["x"], ["one"], ["none"], ["x", "even"], ["x", "none"], ["even", "odd"]];
      const costs = async () => {
        const all: Array<number> = [];
        for (const tags of wanted) {
          for (const place of [0, 1_500]) {
            const asked = [tags.length === 0 ? [""] : tags, `t${String(place).padStart(7, "0")}`];
            const [row] = await sql<{ "QUERY PLAN": ReadonlyArray<{ Plan: Blocks }> }>(
              `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)
               SELECT * FROM authledger.list_page('counts', $1, $2, '', 51, 1000)`,
              asked,
            );
            all.push(blocksOf(row?.["QUERY PLAN"][0]?.Plan));
          }
        }
        return all;
      };
      await plant(1, FEW);
      await costs();
      const few = await costs();
      await plant(FEW + 1, MANY);
      await costs();
      const many = await costs();
      expect(Math.min(...many)).toBeGreaterThan(0);
      for (const [at, blocks] of many.entries()) {
        expect([at, blocks, few[at], withinOneLevel(blocks, few[at] ?? 0)]).toContain(true);
      }
    });

    test("pages of two tags that hardly any row has both may be empty, and lead on", async () => {
      const seen: Array<string> = [];
      let empty = 0;
      let pages = 0;
      let cursor: string | undefined;
      do {
        const page = await list({ tags: ["even", "third"], limit: 3, ...(cursor && { cursor }) });
        if (page.items.length === 0) empty += 1;
        seen.push(...page.items.map(({ key }) => key));
        cursor = page.nextCursor;
        pages += 1;
      } while (cursor !== undefined && pages < MANY / CANDIDATES_MAX + 10);
      expect(cursor).toBeUndefined();
      expect(empty).toBeGreaterThan(5);
      expect(seen).toEqual([nth(9_996), nth(9_998), nth(10_002), nth(MANY)]);
    });

    /** Rows as the fold would have written them, each with the tag of half of them. */
    const plant = async (from: number, to: number) => {
      await sql(
        `INSERT INTO authledger.counts (key, row, position, events)
         SELECT 'k' || lpad(n::TEXT, 7, '0'), '{"count":1}', 1, 1
         FROM generate_series($1::INT, $2) n`,
        [from, to],
      );
      await sql(
        `INSERT INTO authledger.counts_lists (tag, sort, key)
         SELECT t.tag, 't' || lpad(n::TEXT, 7, '0'), 'k' || lpad(n::TEXT, 7, '0')
         FROM generate_series($1::INT, $2) n, unnest(ARRAY['', 'x',
           CASE WHEN n % 2 = 0 THEN 'even' ELSE 'odd' END,
           CASE WHEN n = 7 THEN 'one' END,
           CASE WHEN n % 2 = 1 OR n IN (9996, 9998, 10002, ${MANY}) THEN 'third' END]) AS t(tag)
         WHERE t.tag IS NOT NULL`,
        [from, to],
      );
    };
  });
}

const nth = (n: number) => `k${String(n).padStart(7, "0")}`;

type Blocks = { readonly "Shared Hit Blocks": number; readonly "Shared Read Blocks": number };

const blocksOf = (plan: Blocks | undefined) =>
  (plan?.["Shared Hit Blocks"] ?? 0) + (plan?.["Shared Read Blocks"] ?? 0);
