import { randomBytes, randomUUID } from "node:crypto";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import * as Stream from "effect/Stream";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Cursor, type Ledger, Ledgers } from "../../../adapters/ports/ledger.ts";
import { Sealer } from "../../../adapters/ports/sealer.ts";
import { Vault } from "../../../adapters/ports/vault.ts";
import { Database } from "../../../adapters/sql/database.ts";
import { layer as ledgersLayer } from "../../../adapters/sql/ledger.ts";
import { append, headOf } from "../../contracts/ledger-requests.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { ledgersOn } from "../../support/sql-store.ts";

type Services = Layer.Success<ReturnType<typeof ledgersOn>>;
type On = <A, E>(effect: Effect.Effect<A, E, Services>) => Promise<A>;

const query = (statement: string, parameters: ReadonlyArray<unknown> = []) =>
  Effect.flatMap(Effect.service(Database), (database) =>
    database.query<Record<string, unknown>>(statement, parameters),
  );

const LATER = "2031-01-01";
const eventTables = Effect.map(
  query(`SELECT relname AS name FROM pg_class
    WHERE relnamespace = 'authledger'::REGNAMESPACE AND relkind IN ('r', 'p')
      AND relname ~ '^(identity|activity)_events' ORDER BY relname`),
  (rows) => rows.map(({ name }) => String(name)),
);

tampering("pglite", emptyPglite);
describe("on a server", onPostgres, () => tampering("postgres", emptyPostgres));

function tampering(name: string, database: DatabaseLayer): void {
  describe(`Tampering: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<Services, unknown>;
    const on: On = (effect) => runtime.runPromise(effect);
    beforeAll(async () => {
      runtime = ManagedRuntime.make(ledgersOn(database));
      await on(append({}, "activity"));
    });
    afterAll(() => runtime.dispose());
    rewriting(on);
    forging(on);
    swapping(on);
  });
}

function rewriting(on: On): void {
  test.each(["origin", "replica"])(
    "no event is rewritten, session_replication_role=%s",
    async (role) => {
      await on(append({}));
      await on(query(`SELECT authledger.ensure_activity_partition('${LATER}')`));
      const tables = await on(eventTables);
      expect(tables).toContain("activity_events_203101");
      expect(tables).toHaveLength(4);
      for (const table of tables) {
        for (const statement of [
          `UPDATE authledger.${table} SET type = 'Noted'`,
          `DELETE FROM authledger.${table}`,
          `TRUNCATE authledger.${table}`,
        ]) {
          const refused = Effect.flatMap(Effect.service(Database), ({ transaction }) =>
            transaction((session) =>
              Effect.andThen(
                session.query(`SET LOCAL session_replication_role = ${role}`),
                session.query(statement),
              ),
            ),
          );
          const error = await on(Effect.flip(refused));
          expect(error, statement).toMatchObject({ _tag: "DatabaseError", sqlstate: "42501" });
        }
      }
    },
  );

  test("a month's partition holds what was appended in it", async () => {
    const { position } = await on(append({}, "activity"));
    const [row] = await on(
      query(
        `SELECT tableoid::REGCLASS::TEXT AS partition,
           'authledger.activity_events_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMM') AS wanted
         FROM authledger.activity_events WHERE ledger = 'activity' AND position = $1`,
        [position],
      ),
    );
    expect(row?.["partition"]).toBe(row?.["wanted"]);
  });
}

/** What somebody with the database, and without the keys, might insert after the head. */
type Forgery = { readonly [column in "stream" | "type" | "id" | "entry" | "mac"]?: unknown };

/** A copy of the newest record with these columns changed, at the next position. */
const forge = (changed: Forgery) =>
  Effect.gen(function* () {
    const { position } = yield* headOf("identity");
    const [row] = yield* query(
      `SELECT stream, type, id::TEXT AS id, entry, mac FROM authledger.identity_events
       WHERE ledger = 'identity' AND position = $1`,
      [position],
    );
    const { stream, type, id, entry, mac } = {
      ...row,
      id: randomUUID(),
      ...changed,
    } as Required<Forgery>;
    yield* query(
      `INSERT INTO authledger.identity_events
         (ledger, position, stream, revision, type, id, entry, mac)
       SELECT 'identity', $1::BIGINT, $2::TEXT, coalesce(max(revision) + 1, 0),
         $3::TEXT, $4::UUID, $5::BYTEA, $6::BYTEA
       FROM authledger.identity_events WHERE ledger = 'identity' AND stream = $2::TEXT`,
      [position + 1, stream, type, id, entry, mac],
    );
    return { position: position + 1, stream: String(stream) };
  });
const moveHead = query(
  `UPDATE authledger.heads h SET position = e.position, leaf = sha256('\\x00'::BYTEA || e.entry)
   FROM (SELECT position, entry FROM authledger.identity_events ORDER BY position DESC LIMIT 1) e
   WHERE h.ledger = 'identity'`,
);

function forging(on: On): void {
  let sound: Cursor;

  /** As the owner of the tables would clear it away; the server's role may not. */
  afterEach(async () => {
    const { position } = sound ?? (await on(headOf("identity")));
    await on(query("ALTER TABLE authledger.identity_events DISABLE TRIGGER append_only"));
    await on(query("DELETE FROM authledger.identity_events WHERE position > $1", [position]));
    await on(query("ALTER TABLE authledger.identity_events ENABLE ALWAYS TRIGGER append_only"));
    await on(moveHead);
  });

  const ledger = <A, E>(use: (identity: Ledger) => Effect.Effect<A, E>) =>
    Effect.flatMap(Effect.service(Ledgers), ({ identity }) => use(identity));
  const refusedBy = async (read: Effect.Effect<unknown, unknown, Services>) =>
    on(Effect.flip(read) as Effect.Effect<unknown, never, Services>);
  const next = (cursor: Cursor) => ledger(({ follow }) => Stream.runHead(follow(cursor)));

  async function expectNeverServed(forgery: Forgery, problem: string, withHead: boolean) {
    await on(append({}));
    sound = await on(headOf("identity"));
    const { position, stream } = await on(forge(forgery));
    if (withHead) await on(moveHead);
    const corrupt = { _tag: "LedgerCorrupt", ledger: "identity", position, problem };
    const refusals = [
      ledger(({ read }) => read({ from: position })),
      ledger(({ read }) => read({ direction: "backwards" })),
      ledger(({ read }) => read({ stream })),
      ledger(({ at }) => at([position])),
      next(sound),
    ];
    for (const refusal of refusals) expect(await refusedBy(refusal)).toMatchObject(corrupt);
    // What stands before it is still given out.
    const before = { ...sound, position: 0, leaf: "" };
    expect((await on(next(before)))._tag).toBe("Some");
  }

  const mac = new Uint8Array(randomBytes(32));
  const wrongMac = "the MAC does not fit the entry";
  const entry = new Uint8Array(Buffer.from('{"v":1}'));
  for (const withHead of [false, true]) {
    const head = withHead ? ", heads moved" : "";
    test.each([
      ["a row inserted past the program", { mac }, wrongMac],
      ["a row with a short MAC", { mac: mac.subarray(1) }, wrongMac],
      ["an altered entry", { entry }, wrongMac],
      [
        "a stream column that lies",
        { stream: "note-elsewhere" },
        "the stream column is not the entry's",
      ],
      ["a type column that lies", { type: "UserErased" }, "the type column is not the entry's"],
      ["an id column that lies", {}, "the id column is not the entry's"],
    ])(`%s is never served${head}`, (_title, forgery, problem) =>
      expectNeverServed(forgery, problem, withHead),
    );
  }

  test("nothing is appended over a forged row; followers go on once it is gone", async () => {
    await on(append({}));
    sound = await on(headOf("identity"));
    await on(forge({ mac }));
    const late = await on(Effect.flip(append({})));
    expect(late).toMatchObject({ _tag: "LedgerUnavailable" });
    await on(query("ALTER TABLE authledger.identity_events DISABLE TRIGGER append_only"));
    await on(query("DELETE FROM authledger.identity_events WHERE position > $1", [sound.position]));
    await on(query("ALTER TABLE authledger.identity_events ENABLE ALWAYS TRIGGER append_only"));
    const { position } = await on(append({}));
    expect(position).toBe(sound.position + 1);
    const retried = next(sound).pipe(Effect.retry({ times: 100, while: () => true }));
    expect(await on(retried)).toMatchObject({ value: [{ position }] });
    sound = await on(headOf("identity"));
  });

  test("a record taken away is a hole that no read passes over", async () => {
    const stream = `note-${randomUUID()}`;
    for (let count = 0; count < 3; count++) await on(append({ stream }));
    sound = await on(headOf("identity"));
    const hole = sound.position - 1;
    const take = Effect.flatMap(Effect.service(Database), ({ script }) =>
      script(`CREATE TABLE taken AS
          SELECT * FROM authledger.identity_events WHERE position = ${hole};
        ALTER TABLE authledger.identity_events DISABLE TRIGGER append_only;
        DELETE FROM authledger.identity_events WHERE position = ${hole}`),
    );
    await on(take);
    const corrupt = { _tag: "LedgerCorrupt", ledger: "identity" };
    for (const whole of [{ from: hole - 1 }, { direction: "backwards" as const }]) {
      const missing = { ...corrupt, position: hole, problem: "the record is missing" };
      expect(await refusedBy(ledger(({ read }) => read(whole)))).toMatchObject(missing);
    }
    const problem = "revision 1 is missing next to it";
    const ofStream = ledger(({ read }) => read({ stream }));
    expect(await refusedBy(ofStream)).toMatchObject({ ...corrupt, position: hole + 1, problem });
    // A process that was not there when it was appended has nothing but the table.
    const later = Effect.scoped(
      Effect.gen(function* () {
        const { identity } = Context.get(yield* Layer.build(Layer.fresh(ledgersLayer)), Ledgers);
        yield* Stream.runDrain(identity.follow({ position: 0, leaf: "", epoch: "" }));
      }),
    );
    expect(await refusedBy(later)).toMatchObject({ ...corrupt, position: hole });
    await on(query("INSERT INTO authledger.identity_events SELECT * FROM taken"));
    await on(query("DROP TABLE taken"));
    await on(query("ALTER TABLE authledger.identity_events ENABLE ALWAYS TRIGGER append_only"));
  });
}

function swapping(on: On): void {
  const enclosed = (owner: string, secret: string) =>
    Effect.gen(function* () {
      const { enclose } = yield* Sealer;
      const plaintext = Buffer.from(secret);
      const id = randomUUID();
      const { row, reference } = enclose({
        ledger: "identity",
        id,
        kind: "password",
        owner,
        plaintext,
      });
      yield* append({ vault: { put: [row] } });
      return reference;
    });
  const disclosed = (reference: { readonly id: string; readonly digest: string }) =>
    Effect.gen(function* () {
      const row = yield* (yield* Vault).get(reference.id);
      const { disclose } = yield* Sealer;
      const opened = row && disclose("identity", row, reference);
      return opened && Buffer.from(opened).toString();
    });

  test.each(["ciphertext", "owner", "kind", "version"])(
    "a vault row with another %s does not open",
    async (column) => {
      const mine = await on(enclosed("user:eve", "known to eve"));
      const theirs = await on(enclosed("user:ada", "known to ada"));
      expect(await on(disclosed(theirs))).toBe("known to ada");
      const swap =
        column === "ciphertext" ? "v.ciphertext" : column === "version" ? "v.version + 1" : "v.id";
      await on(
        query(
          `UPDATE authledger.vault w SET ${column} = ${swap}
           FROM authledger.vault v WHERE w.id = $1 AND v.id = $2`,
          [theirs.id, mine.id],
        ),
      );
      expect(await on(disclosed(theirs))).toBeUndefined();
      expect(await on(disclosed(mine))).toBe("known to eve");
    },
  );
}
