import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SessionLookup } from "../../../adapters/ports/session-lookup.ts";
import { Database } from "../../../adapters/sql/database.ts";
import { layer as readModels } from "../../../adapters/sql/read-models.ts";
import { layer as sessionLookup } from "../../../adapters/sql/session-lookup.ts";
import { append } from "../../contracts/ledger-requests.ts";
import { type OwnPostgres, ownPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { ledgersOn } from "../../support/sql-store.ts";

const PEOPLE = 5_000;
const APPENDS = 20;

/** Rows of read models, as their look-ups see them; whose they are is not asked here. */
const grown = {
  sessions: { userId: "nobody", position: 1, impersonator: { userId: "x", sessionId: "y" } },
  users: {},
  revocations: {},
};

/** Everything that a sign-up commits. */
const signUp = () => {
  const owner = randomUUID();
  return append({
    claims: {
      take: [{ kind: "email", digest: randomUUID(), owner }],
      release: [{ kind: "username", owner }],
    },
    vault: {
      put: [
        { id: randomUUID(), kind: "password", owner, version: 1, ciphertext: new Uint8Array(40) },
      ],
      remove: [randomUUID()],
    },
    dataKeys: {
      create: [
        { owner: `user:${owner}`, generation: 1, keyVersion: 1, wrapped: new Uint8Array(40) },
      ],
    },
  });
};

describe("A ledger that grew", onPostgres, () => {
  let own: OwnPostgres;
  let runtime: ReturnType<typeof opened>;
  // One connection: the plans made over empty tables are the ones that are used later.
  const opened = () =>
    ManagedRuntime.make(
      sessionLookup.pipe(
        Layer.provideMerge(readModels({ run: false })),
        Layer.provideMerge(Layer.fresh(ledgersOn(own.connect(1)))),
      ),
    );
  beforeAll(async () => {
    own = await ownPostgres();
    runtime = opened();
  });
  afterAll(async () => {
    await runtime.dispose();
    await own.drop();
  });
  const appends = async () => {
    for (let n = 0; n < APPENDS; n++) await runtime.runPromise(signUp());
  };
  /** Index entries and rows that were looked at since the tables were made. */
  const lookedAt = async () => {
    const [row] = await own.run(
      `SELECT pg_stat_force_next_flush(), (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes
           WHERE schemaname = 'authledger')
         + (SELECT sum(seq_tup_read) FROM pg_stat_user_tables
           WHERE schemaname = 'authledger') AS rows`,
    );
    return Number(row?.["rows"]);
  };
  /** What the connection that appends has counted is seen by another one from now on. */
  const said = () =>
    runtime.runPromise(
      Effect.flatMap(Effect.service(Database), ({ query }) =>
        query("SELECT pg_stat_force_next_flush()"),
      ),
    );

  test("an append looks at as many rows as before, with the plans of the beginning", async () => {
    await appends();
    await said();
    const empty = await lookedAt();
    await appends();
    await said();
    const few = (await lookedAt()) - empty;
    await own.run(
      `INSERT INTO authledger.claims (ledger, kind, digest, owner)
       SELECT 'identity', 'email', gen_random_uuid(), gen_random_uuid()
       FROM generate_series(1, ${PEOPLE})`,
    );
    await own.run(
      `INSERT INTO authledger.vault (ledger, id, kind, owner, version, ciphertext)
       SELECT 'identity', gen_random_uuid(), 'password', gen_random_uuid(), 1, ''
       FROM generate_series(1, ${PEOPLE})`,
    );
    await own.run(
      `INSERT INTO authledger.data_keys (ledger, owner, generation, key_version, wrapped)
       SELECT 'identity', 'user:' || gen_random_uuid(), 1, 1, ''
       FROM generate_series(1, ${PEOPLE})`,
    );
    const before = await lookedAt();
    await appends();
    await said();
    const many = (await lookedAt()) - before;
    // Looked at one by one, they would be as many as there are people, for each append.
    expect(many - few).toBeLessThan(PEOPLE);
  });

  test("a look-up of a session reads no table whole, with the plan of the beginning", async () => {
    const find = (id: string) =>
      runtime.runPromise(Effect.flatMap(Effect.service(SessionLookup), (look) => look.find(id)));
    await find(randomUUID());
    await said();
    for (const [model, row] of Object.entries(grown)) {
      await own.run(
        `INSERT INTO authledger.${model} (key, row, position, events)
         SELECT gen_random_uuid(), $1, 1, 1 FROM generate_series(1, ${PEOPLE})`,
        [row],
      );
    }
    await own.run(
      `INSERT INTO authledger.stamps (ledger, kind, id, at)
       SELECT 'activity', 'sign-in', gen_random_uuid(), 1 FROM generate_series(1, ${PEOPLE})`,
    );
    const before = await lookedAt();
    const [first] = await own.run("SELECT key FROM authledger.sessions LIMIT 1");
    const found = await find(String(first?.["key"]));
    expect(found?.session).toEqual(grown.sessions);
    await said();
    expect((await lookedAt()) - before).toBeLessThan(PEOPLE);
  });
});
