import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { revocationCodec } from "../../adapters/codec/revocation.ts";
import { sessionCodec } from "../../adapters/codec/session.ts";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { SessionLookup } from "../../adapters/ports/session-lookup.ts";
import { Stamps } from "../../adapters/ports/stamps.ts";
import type { RevocationEvent } from "../../domain/revocation/mod.ts";
import type { SessionEvent } from "../../domain/session/mod.ts";

type Ports = Ledgers | ReadModels | SessionLookup | Stamps;

const DEADLINE_MS = 20_000;
const NOW = Date.parse("2026-11-21T00:00:00.000Z");

/** Every session look-up runs this suite; nothing but read models runs beside it. */
export function sessionLookupContract<E>(name: string, makeLayer: () => Layer.Layer<Ports, E>) {
  describe(`SessionLookup contract: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<Ports, E>;
    beforeAll(async () => {
      runtime = ManagedRuntime.make(makeLayer());
      await runtime.runPromise(Effect.void);
    });
    afterAll(() => runtime.dispose());

    const append = (stream: string, entry: ReturnType<typeof sessionCodec.encode>) =>
      runtime.runPromise(
        Effect.gen(function* () {
          const { position } = yield* (yield* Ledgers).activity.append({
            requestId: randomUUID(),
            stream,
            expect: "any",
            entries: [entry],
            meta: { actor: "process:test", correlation: randomUUID() },
          });
          const { reach } = yield* ReadModels;
          yield* reach("sessions", position, DEADLINE_MS);
          yield* reach("revocations", position, DEADLINE_MS);
        }),
      );
    type Begun = Partial<Extract<SessionEvent, { readonly type: "SessionStarted" }>>;
    const start = async (begun: Begun = {}) => {
      const [id, userId] = [randomUUID(), begun.userId ?? randomUUID()];
      const started = sessionCodec.encode({
        type: "SessionStarted",
        method: "password",
        credential: { id, digest: "a".repeat(64) },
        expiresAt: "2027-01-01T00:00:00.000Z",
        ...begun,
        userId,
      });
      await append(`session-${id}`, started);
      return { id, userId };
    };
    const revoke = (of: string, except?: string) => {
      const event: RevocationEvent = { type: "SessionsRevoked", ...(except ? { except } : {}) };
      return append(`revocation-${of}`, revocationCodec.encode(event));
    };
    const find = (id: string) =>
      runtime.runPromise(Effect.flatMap(Effect.service(SessionLookup), (look) => look.find(id)));
    const touch = (kind: "session" | "sign-in", id: string) =>
      runtime.runPromise(
        Effect.flatMap(Effect.service(Stamps), (stamps) => stamps.touch(kind, id, NOW)),
      );

    test("a session is found with when it was last seen and its user last signed in", async () => {
      const { id, userId } = await start();
      expect(await find(id)).toMatchObject({
        session: { id, userId },
        lastSeenMs: undefined,
        lastSignInMs: undefined,
        revoked: false,
        impersonator: undefined,
      });
      await touch("session", id);
      await touch("sign-in", userId);
      expect(await find(id)).toMatchObject({ lastSeenMs: NOW, lastSignInMs: NOW });
      expect(await find(randomUUID())).toBeUndefined();
    });

    test("one fact revokes all earlier sessions of somebody, but for one", async () => {
      const [first, other] = [await start(), await start()];
      const { userId } = first;
      const kept = await start({ userId });
      await revoke(userId, kept.id);
      const later = await start({ userId });
      const looks = [first, kept, later, other].map(async ({ id }) => (await find(id))?.revoked);
      expect(await Promise.all(looks)).toEqual([true, false, false, false]);
    });

    test("one fact revokes everybody's sessions, those behind an impersonation too", async () => {
      const [behind, kept] = [await start(), await start()];
      const impersonator = { userId: behind.userId, sessionId: behind.id };
      const acting = await start({ method: "impersonation", impersonator });
      await touch("session", behind.id);
      expect((await find(acting.id))?.impersonator).toMatchObject({
        session: { id: behind.id, userId: behind.userId },
        lastSeenMs: NOW,
        revoked: false,
      });
      await revoke(behind.userId);
      expect(await find(acting.id)).toMatchObject({
        revoked: false,
        impersonator: { revoked: true },
      });
      await revoke("all", kept.id);
      const looks = [acting, behind, kept].map(async ({ id }) => (await find(id))?.revoked);
      expect(await Promise.all(looks)).toEqual([true, true, false]);
    });
  });
}
