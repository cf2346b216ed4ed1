import { randomUUID } from "node:crypto";
import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import type * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { OneTimeTokens, type TokenPurpose } from "../../adapters/ports/one-time-tokens.ts";
import { frozenClock } from "../support/movable-clock.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type Store<R, E> = () => Layer.Layer<OneTimeTokens | Ledgers | R, E>;

/**
 * Every store of one-time tokens runs this suite. `again` opens what `make` opened a second time,
 * as a restart does; undefined where nothing survives one. `dump` is all that the store keeps.
 */
export function oneTimeTokensContract<R, E>(
  name: string,
  make: Store<R, E>,
  more: {
    readonly again?: Store<R, E>;
    readonly dump?: Effect.Effect<string, unknown, R>;
    readonly edit?: (column: string, value: string) => Effect.Effect<unknown, unknown, R>;
  } = {},
): void {
  describe(`One-time tokens contract: ${name}`, () => {
    let runtime: ManagedRuntime.ManagedRuntime<OneTimeTokens | Ledgers | R, E>;
    const { clock, forward } = frozenClock();
    beforeAll(async () => {
      runtime = ManagedRuntime.make(make());
      await runtime.runPromise(Effect.void);
    });
    afterAll(() => runtime.dispose());
    const use = <A, F>(ask: (tokens: OneTimeTokens["Service"]) => Effect.Effect<A, F>) =>
      runtime.runPromise(
        Effect.provideService(
          Effect.flatMap(Effect.service(OneTimeTokens), ask),
          Clock.Clock,
          clock,
        ),
      );
    /** Something happens; answers where, and when by the clock of the process that wrote it. */
    const happen = (ledger: "identity" | "activity", clockAheadMs = 0) =>
      runtime.runPromise(
        Effect.gen(function* () {
          const { position } = yield* (yield* Ledgers)[ledger].append({
            requestId: randomUUID(),
            stream: `test-${randomUUID()}`,
            expect: "none",
            entries: [{ type: "SomethingHappened", schema: 1, data: {} }],
            meta: { actor: "process:test", correlation: randomUUID() },
          });
          const issuedAt = new Date(now() + clockAheadMs).toISOString();
          return { ledger, position, issuedAt };
        }),
      );
    const now = () => clock.currentTimeMillisUnsafe();
    const issuing = (subject: string = randomUUID(), lifetimeMs = HOUR_MS) => ({
      subject,
      ledger: "activity" as "identity" | "activity",
      position: 7,
      eventId: randomUUID(),
      expiresAt: new Date(now() + lifetimeMs).toISOString(),
    });
    const issue = (purpose: TokenPurpose, values: ReturnType<typeof issuing>) =>
      use((tokens) => tokens.issue(purpose, values));
    const peek = (purpose: TokenPurpose, token: string) =>
      use((tokens) => tokens.peek(purpose, token));
    const spend = (purpose: TokenPurpose, token: string) =>
      use((tokens) => tokens.spend(purpose, token));

    test("a token opens what it was issued for; looking at it spends nothing", async () => {
      const values = issuing();
      const token = await issue("reset", values);
      expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
      const issued = { ...values, purpose: "reset", issuedAt: expect.any(String) };
      expect(await peek("reset", token)).toStrictEqual(issued);
      expect(await peek("reset", token)).toStrictEqual(issued);
      expect(await spend("reset", token)).toStrictEqual(issued);
    });

    test("a token used twice opens nothing again, also when it is derived again", async () => {
      const values = issuing();
      const token = await issue("magic-link", values);
      expect(await spend("magic-link", token)).toBeDefined();
      expect(await spend("magic-link", token)).toBeUndefined();
      expect(await peek("magic-link", token)).toBeUndefined();
      expect(await issue("magic-link", values)).toBe(token);
      expect(await spend("magic-link", token)).toBeUndefined();
    });

    test("50 who spend one token at once: exactly one is answered", async () => {
      const token = await issue("magic-link", issuing());
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => spend("magic-link", token)),
      );
      expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
    });

    test("a token used late opens nothing", async () => {
      const token = await issue("verification", issuing());
      forward(HOUR_MS - MINUTE_MS);
      expect(await peek("verification", token)).toBeDefined();
      forward(2 * MINUTE_MS);
      expect(await peek("verification", token)).toBeUndefined();
      expect(await spend("verification", token)).toBeUndefined();
    });

    test("a token of one purpose, event or account is nothing for another", async () => {
      const values = issuing();
      const token = await issue("reset", values);
      expect(await spend("magic-link", token)).toBeUndefined();
      const others = [
        await issue("magic-link", values),
        await issue("reset", { ...values, subject: randomUUID() }),
        await issue("reset", { ...values, eventId: randomUUID() }),
      ];
      expect(new Set([token, ...others]).size).toBe(4);
      expect(await spend("reset", token)).toMatchObject({ subject: values.subject });
    });

    test.each([
      ["nothing", ""],
      ["a guess", "A".repeat(43)],
      ["too long", "A".repeat(5_000)],
      ["what a database would trip over", "\u0000'; --"],
    ])("%s is no token", async (_, text) => {
      expect(await peek("reset", text)).toBeUndefined();
      expect(await spend("reset", text)).toBeUndefined();
    });

    test.each(["identity", "activity"] as const)(
      "withdrawn tokens of a person are worth nothing, others' and later ones are: %s",
      async (ledger) => {
        const [ada, bob] = [randomUUID(), randomUUID()];
        const earlier = await happen(ledger);
        const before = { ...issuing(ada), ...(await happen(ledger)) };
        const reset = await issue("reset", before);
        const magic = await issue("magic-link", before);
        const others = await issue("reset", { ...issuing(bob), ...earlier });
        await use((tokens) => tokens.withdraw(ada, ["reset"]));
        expect(await peek("reset", reset)).toBeUndefined();
        expect(await peek("magic-link", magic)).toBeDefined();
        expect(await peek("reset", others)).toBeDefined();
        // What waits in the outbox is derived later, from an event of before.
        const late = await issue("reset", { ...issuing(ada), ...earlier });
        expect(await spend("reset", late)).toBeUndefined();
        const next = await issue("reset", { ...issuing(ada), ...(await happen(ledger)) });
        await use((tokens) => tokens.withdraw(bob));
        expect(await spend("reset", next)).toBeDefined();
        expect(await spend("reset", others)).toBeUndefined();
      },
    );

    test("position decides, not time, so clocks that differ let nothing through", async () => {
      const ada = randomUUID();
      const ahead = { ...issuing(ada), ...(await happen("activity", 2_000)) };
      const token = await issue("reset", ahead);
      await use((tokens) => tokens.withdraw(ada));
      expect(await peek("reset", token)).toBeUndefined();
      const behind = { ...issuing(ada), ...(await happen("activity", -2_000)) };
      expect(await spend("reset", await issue("reset", behind))).toBeDefined();
    });

    test("a withdrawal never goes back", async () => {
      const ada = randomUUID();
      const token = await issue("reset", { ...issuing(ada), ...(await happen("identity")) });
      await use((tokens) => tokens.withdraw(ada));
      forward(-MINUTE_MS);
      await use((tokens) => tokens.withdraw(ada));
      forward(MINUTE_MS);
      expect(await peek("reset", token)).toBeUndefined();
    });

    test("a sweep forgets what expired long ago, and nothing that is still late", async () => {
      const token = await issue("reset", issuing());
      forward(2 * DAY_MS);
      await use(({ sweep }) => sweep);
      expect(await peek("reset", token)).toBeUndefined();
      const kept = await issue("set-password", issuing(randomUUID(), 40 * DAY_MS));
      forward(35 * DAY_MS);
      expect(await use(({ sweep }) => sweep)).toBeGreaterThan(0);
      expect(await spend("set-password", kept)).toBeDefined();
      forward(410 * DAY_MS);
      await use(({ sweep }) => sweep);
      expect(await use(({ sweep }) => sweep)).toBe(0);
    });

    test("after a restart the same token is derived, and spent stays spent", {
      skip: more.again === undefined,
      meta: { skipped: "nothing survives it" },
    }, async () => {
      const [open, spent] = [issuing(), issuing()];
      const token = await issue("reset", open);
      await spend("reset", await issue("reset", spent));
      const second = ManagedRuntime.make((more.again ?? make)());
      const restarted = <A, F>(ask: (tokens: OneTimeTokens["Service"]) => Effect.Effect<A, F>) =>
        second.runPromise(Effect.flatMap(Effect.service(OneTimeTokens), ask));
      expect(await restarted((tokens) => tokens.issue("reset", open))).toBe(token);
      const again = await restarted((tokens) => tokens.issue("reset", spent));
      expect(await restarted((tokens) => tokens.spend("reset", again))).toBeUndefined();
      await second.dispose();
    });

    const { dump, edit } = more;
    const kept = { skip: dump === undefined, meta: { skipped: "there is no database to read" } };
    test("a token read from the database opens nothing", kept, async () => {
      if (dump === undefined) return;
      const token = await issue("reset", issuing());
      const text = await runtime.runPromise(dump);
      expect(text).not.toContain(token);
      for (const word of new Set(text.match(/[A-Za-z0-9_-]{20,}/g) ?? [])) {
        expect(await peek("reset", word), word).toBeUndefined();
      }
    });

    test("a row that was edited fits no token", kept, async () => {
      if (edit === undefined) return;
      forward(MINUTE_MS);
      const values = issuing();
      const token = await issue("reset", values);
      const day = new Date(now() + DAY_MS).toISOString();
      for (const [column, value, before] of [
        ["subject", randomUUID(), values.subject],
        ["expires_at", day, values.expiresAt],
        ["event_id", randomUUID(), values.eventId],
      ] as const) {
        await runtime.runPromise(edit(column, value));
        expect(await peek("reset", token), column).toBeUndefined();
        await runtime.runPromise(edit(column, before));
      }
      expect(await peek("reset", token)).toBeDefined();
    });
  });
}
