import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, describe, expect, test } from "vitest";
import { tuplesCodec } from "../../adapters/codec/tuples.ts";
import { userCodec } from "../../adapters/codec/user.ts";
import { layer as keyring } from "../../adapters/crypto/keyring.ts";
import { layer as memory } from "../../adapters/memory/layer.ts";
import { layer as rootKeys } from "../../adapters/memory/root-keys.ts";
import { type Append, Ledgers } from "../../adapters/ports/ledger.ts";
import { load, States, transact } from "../../adapters/transact.ts";
import { tuples } from "../../domain/tuples/mod.ts";
import { type UserCommand, user } from "../../domain/user/mod.ts";
import { secretOf } from "../support/sql-store.ts";

const store = memory().pipe(
  Layer.provideMerge(Layer.mergeAll(keyring([secretOf(7)]), States.layer)),
  Layer.provide(rootKeys()),
);
const runtime = ManagedRuntime.make(store);
afterAll(() => runtime.dispose());
const on = <A, E>(effect: Effect.Effect<A, E, Ledgers | States>) => runtime.runPromise(effect);

const meta = () => ({ actor: "process:test", correlation: randomUUID() }) as const;
const by = { id: randomUUID(), rank: "architect" } as const;

const command = (id: string, given: UserCommand, requestId: string = randomUUID()) =>
  transact({ decider: user, codec: userCodec, id, requestId, command: given, meta: meta() });
const grant = (id: string, role: string) =>
  command(id, { type: "GrantRole", role, by, target: { id, architect: false } });
const typesOf = (stream: string) =>
  Effect.flatMap(Effect.service(Ledgers), ({ identity }) =>
    Effect.map(identity.read({ stream }), (records) => records.map(({ type }) => type)),
  );

/** Counts what is read, and lets another writer win as many races as the test says. */
const watched = (conflicts: number) => {
  const seen = { appends: 0, records: 0 };
  const layer = Layer.effect(
    Ledgers,
    Effect.map(Effect.service(Ledgers), ({ identity, activity }) => ({
      activity,
      identity: {
        ...identity,
        read: (query: object) =>
          Effect.tap(identity.read(query), (records) =>
            Effect.sync(() => {
              seen.records += records.length;
            }),
          ),
        append: (request: Append) =>
          Effect.suspend(() => {
            seen.appends += 1;
            if (seen.appends > conflicts) return identity.append(request);
            const entries = [{ type: "UserUnblocked", schema: 1, data: {} }];
            const other = { ...request, requestId: randomUUID(), entries };
            return Effect.andThen(identity.append(other), identity.append(request));
          }),
      },
    })),
  );
  return { seen, layer };
};

describe("transact()", () => {
  test("a decision appends its events at the revision it was made on", async () => {
    const id = randomUUID();
    const first = await on(command(id, { type: "AdmitGuest" }));
    expect(first.position).toBeGreaterThan(0);
    expect(await on(typesOf(`user-${id}`))).toEqual(["GuestAdmitted"]);
    const { state, revision } = await on(load({ decider: user, codec: userCodec }, id));
    expect(revision).toBe(0);
    expect(state).toMatchObject({ status: "active", guest: true });
  });

  test("a decision that changes nothing appends nothing", async () => {
    const id = randomUUID();
    await on(command(id, { type: "AdmitGuest" }));
    const again = await on(command(id, { type: "AdmitGuest" }));
    expect(again.position).toBeUndefined();
    expect(await on(typesOf(`user-${id}`))).toHaveLength(1);
  });

  test("racing decisions on one stream all take effect, one after another", async () => {
    const id = randomUUID();
    await on(command(id, { type: "AdmitGuest" }));
    const block = { type: "Block", by, target: { id, architect: false } } as const;
    const results = await on(
      Effect.all(
        Array.from({ length: 8 }, () => command(id, block)),
        { concurrency: "unbounded" },
      ),
    );
    expect(results.filter(({ position }) => position !== undefined)).toHaveLength(1);
    expect(await on(typesOf(`user-${id}`))).toEqual(["GuestAdmitted", "UserBlocked"]);
  });

  test("after a lost race it reads the tail alone and decides again", async () => {
    const id = randomUUID();
    await on(command(id, { type: "AdmitGuest" }));
    const { seen, layer } = watched(3);
    const block = { type: "Block", by, target: { id, architect: false } } as const;
    await on(Effect.provide(command(id, block), layer));
    // Each lost race left one event behind; every one of them was read once.
    expect(seen).toEqual({ appends: 4, records: 3 });
    expect((await on(typesOf(`user-${id}`))).at(-1)).toBe("UserBlocked");
  });

  test("a stream that never stands still is given up in the end", async () => {
    const id = randomUUID();
    await on(command(id, { type: "AdmitGuest" }));
    const { seen, layer } = watched(Number.POSITIVE_INFINITY);
    const block = { type: "Block", by, target: { id, architect: false } } as const;
    const error = await on(Effect.flip(Effect.provide(command(id, block), layer)));
    expect(error).toMatchObject({ _tag: "RevisionConflict" });
    expect(seen.appends).toBe(13);
  });

  test("what no history decides is appended without reading any", async () => {
    const { seen, layer } = watched(0);
    const write = transact({
      decider: tuples,
      codec: tuplesCodec,
      id: randomUUID(),
      requestId: randomUUID(),
      command: {
        type: "WriteTuples",
        writes: [{ object: "doc:a", relation: "viewer", subject: "user:1" }],
        deletes: [],
        cause: "",
      },
      meta: meta(),
      expect: "any",
    });
    await on(Effect.provide(write, layer));
    expect(seen).toEqual({ appends: 1, records: 0 });
  });

  test("an event that this program cannot decode stops its stream", async () => {
    const id = randomUUID();
    await on(command(id, { type: "AdmitGuest" }));
    const { identity } = await on(Effect.service(Ledgers));
    const { position } = await on(
      identity.append({
        requestId: randomUUID(),
        stream: `user-${id}`,
        expect: "any",
        entries: [{ type: "UserTeleported", schema: 1, data: {} }],
        meta: meta(),
      }),
    );
    const error = await on(Effect.flip(grant(id, "admin")));
    expect(error).toMatchObject({ _tag: "LedgerCorrupt", position });
  });
});
