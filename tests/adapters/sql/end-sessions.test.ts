import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sessionCodec } from "../../../adapters/codec/session.ts";
import { userCodec } from "../../../adapters/codec/user.ts";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { ReadModels } from "../../../adapters/ports/read-models.ts";
import { Vault } from "../../../adapters/ports/vault.ts";
import { runEndSessions } from "../../../adapters/reactions/end-sessions.ts";
import { layer as readModels } from "../../../adapters/sql/read-models.ts";
import type { UserEvent } from "../../../domain/user/mod.ts";
import { type DatabaseLayer, emptyPglite, emptyPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";
import { ledgersOn } from "../../support/sql-store.ts";
import { until } from "../../support/until.ts";

const storeOn = (database: DatabaseLayer) =>
  readModels({ run: true }).pipe(Layer.provideMerge(ledgersOn(database)));

const meta = () => ({ actor: "process:test", correlation: randomUUID() }) as const;
const reference = { id: "password:1", digest: "a".repeat(64) };

const startSession = Effect.fnUntraced(function* (userId: string) {
  const { activity } = yield* Ledgers;
  const id = randomUUID();
  const secret = { id, kind: "session", owner: `session:${id}`, version: 1 };
  const started = sessionCodec.encode({
    type: "SessionStarted",
    userId,
    method: "password",
    credential: reference,
    expiresAt: "2027-01-01T00:00:00.000Z",
  });
  const { position } = yield* activity.append({
    requestId: randomUUID(),
    stream: `session-${id}`,
    expect: "none",
    entries: [started],
    meta: meta(),
    vault: { put: [{ ...secret, ciphertext: Uint8Array.of(1) }] },
  });
  yield* (yield* ReadModels).reach("sessions", position, 10_000);
  return id;
});

const happen = (userId: string, event: UserEvent) =>
  Effect.flatMap(Effect.service(Ledgers), ({ identity }) =>
    identity.append({
      requestId: randomUUID(),
      stream: `user-${userId}`,
      expect: "any",
      entries: [userCodec.encode(event)],
      meta: meta(),
    }),
  );

const endOf = (id: string) =>
  Effect.gen(function* () {
    const { activity } = yield* Ledgers;
    const records = yield* activity.read({ stream: `session-${id}` });
    const ends = records.filter(({ type }) => type === "SessionEnded");
    const vault = yield* (yield* Vault).get(id);
    return { reasons: ends.map(({ data }) => data["reason"]), secret: vault !== undefined };
  });

function endings(name: string, database: DatabaseLayer): void {
  describe(`Sessions are ended: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<Layer.Success<ReturnType<typeof storeOn>>, unknown>;
    const on = <A, E>(effect: Effect.Effect<A, E, Layer.Success<ReturnType<typeof storeOn>>>) =>
      runtime.runPromise(effect);
    beforeAll(async () => {
      runtime = ManagedRuntime.make(storeOn(database));
      await on(Effect.void);
      runtime.runFork(runEndSessions);
    });
    afterAll(() => runtime.dispose());

    test("a blocked user's sessions end, everybody else's stay", async () => {
      const [eve, ada] = [randomUUID(), randomUUID()];
      const theirs = [await on(startSession(eve)), await on(startSession(eve))];
      const other = await on(startSession(ada));
      const { position } = await on(happen(eve, { type: "UserBlocked" }));
      for (const id of theirs) {
        await until(async () => (await on(endOf(id))).reasons.length > 0);
        expect(await on(endOf(id))).toEqual({ reasons: ["blocked"], secret: false });
      }
      expect(await on(endOf(other))).toEqual({ reasons: [], secret: true });
      const { activity, identity } = await on(Effect.service(Ledgers));
      const [cause] = await on(identity.at([position]));
      const ended = await on(activity.read({ stream: `session-${theirs[0]}` }));
      expect(ended.at(-1)?.meta).toEqual({
        actor: "process:end-sessions",
        correlation: cause?.meta.correlation,
        causation: cause?.id,
      });
    });

    test("the session that replaced the password stays; again nothing more ends", async () => {
      const ada = randomUUID();
      const [kept, gone] = [await on(startSession(ada)), await on(startSession(ada))];
      const accountId = randomUUID();
      const replaced = {
        type: "PasswordReplaced",
        accountId,
        password: reference,
        session: kept,
      } as const;
      await on(happen(ada, replaced));
      await until(async () => (await on(endOf(gone))).reasons.length > 0);
      await on(happen(ada, replaced));
      const last = await on(startSession(ada));
      await on(happen(ada, { type: "UserBlocked" }));
      await until(async () => (await on(endOf(last))).reasons.length > 0);
      expect((await on(endOf(gone))).reasons).toEqual(["password-replaced"]);
      expect((await on(endOf(kept))).reasons).toEqual(["blocked"]);
    });
  });
}

endings("pglite", emptyPglite);
describe("on a server", onPostgres, () => endings("postgres", emptyPostgres));
