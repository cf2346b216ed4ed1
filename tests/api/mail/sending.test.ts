import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import { afterEach, describe, expect, test } from "vitest";
import { ClockSkewed, LedgerBusy, Ledgers } from "../../../adapters/ports/ledger.ts";
import { MailRefused } from "../../../adapters/ports/mail-transport.ts";
import { OneTimeTokens } from "../../../adapters/ports/one-time-tokens.ts";
import { CLAIM_LEASE_MS } from "../../../api/mail/run-mail.ts";
import { ATTEMPTS_MAX, RETRY_AFTER_MS, settlementOf } from "../../../api/mail/send-mail.ts";
import { emptyPglite, emptyPostgres } from "../../support/databases.ts";
import {
  type MailWorld,
  mailStoreInMemory,
  mailStoreOn,
  mailWorld,
} from "../../support/mail-world.ts";
import { onPostgres } from "../../support/postgres.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const refusal = (code: string, permanent = false) => new MailRefused({ code, permanent });

type Store = Parameters<typeof mailWorld>[0];

/** Makes worlds that end with their test. */
function beginning(makeStore: Store) {
  const open: Array<MailWorld> = [];
  afterEach(async () => {
    for (const world of open.splice(0)) await world.close();
  });
  return async (options: Parameters<typeof mailWorld>[1] = {}) => {
    const world = await mailWorld(makeStore, options);
    open.push(world);
    return world;
  };
}

function sendingOn(name: string, makeStore: Store): void {
  describe(`Mail is sent at least once: ${name}`, () => {
    const begin = beginning(makeStore);

    test("killed between sending and noting it: the same mail again, same token", async () => {
      const world = await begin();
      const userId = await world.signUp();
      await world.sendDueAndDie("sending");
      // Whoever has the claim may still be alive.
      expect(await world.sendDue()).toBe(0);
      world.forward(CLAIM_LEASE_MS + 1);
      expect(await world.sendDue()).toBe(1);
      const [first, second] = world.sent;
      expect(second).toEqual(first);
      const row = await world.rowOf(userId);
      expect(row).toMatchObject({ state: "sent", attempts: 2 });
      expect(await world.record(row.id)).toMatchObject([{ type: "MailSent", attempt: 2 }]);
    });

    test("killed after it is on record: it does not go again", async () => {
      const world = await begin();
      const userId = await world.signUp();
      await world.sendDueAndDie("settling");
      const { id } = await world.rowOf(userId);
      expect(await world.rowOf(userId)).toMatchObject({ state: "waiting", attempts: 1 });
      world.forward(CLAIM_LEASE_MS + 1);
      await world.sendDue();
      expect(world.sent).toHaveLength(1);
      expect(await world.record(id)).toMatchObject([{ type: "MailSent", attempt: 1 }]);
      expect(await world.rowOf(userId)).toMatchObject({ state: "sent" });
    });

    test("a mail that went goes once, though nothing can be put on record", async () => {
      const world = await begin();
      const userId = await world.signUp();
      world.refuseAppends(new ClockSkewed({ skewMs: 9_000 }));
      for (let round = 0; round < 25; round++) {
        await world.sendDue();
        world.forward(CLAIM_LEASE_MS + 1);
      }
      expect(world.sent).toHaveLength(1);
      const row = await world.rowOf(userId);
      expect(row).toMatchObject({ state: "waiting", code: "unrecorded" });
      expect(world.lines).toContainEqual({
        ...{ level: "warn", message: "Mail sent, not on record, to be tried again" },
        ...{ kind: "verification", code: "ClockSkewed", attempt: 1 },
      });
      world.refuseAppends();
      world.forward(3 * HOUR_MS);
      await world.sendDue();
      expect(world.sent).toHaveLength(1);
      expect(await world.record(row.id)).toMatchObject([{ type: "MailSent" }]);
      const settled = await world.rowOf(userId);
      expect(settled).toMatchObject({ state: "sent" });
      expect(settled).not.toHaveProperty("code");
    });

    test("what the server refuses for now is tried again when it is time, then noted", async () => {
      const world = await begin();
      const userId = await world.signUp();
      world.meet(() => Effect.fail(refusal("smtp_451")));
      await world.sendDue();
      const row = await world.rowOf(userId);
      expect(row).toMatchObject({ state: "waiting", attempts: 1, code: "smtp_451" });
      world.meet(() => Effect.void);
      expect(await world.sendDue()).toBe(0);
      world.forward(60_000);
      expect(await world.sendDue()).toBe(1);
      expect(await world.rowOf(userId)).toMatchObject({ state: "sent", attempts: 2 });
      expect(await world.record(row.id)).toMatchObject([
        { type: "MailFailed", attempt: 1, code: "smtp_451", final: false },
        { type: "MailSent", attempt: 2 },
      ]);
    });
  });
}

sendingOn("memory", mailStoreInMemory);
sendingOn("pglite", mailStoreOn(emptyPglite));
describe("on a server", onPostgres, () => sendingOn("postgres", mailStoreOn(emptyPostgres)));

describe("What is sent, and what no more", () => {
  const begin = beginning(mailStoreInMemory);

  test("what it refuses for good is not tried again", async () => {
    const world = await begin();
    const userId = await world.signUp();
    world.meet(() => Effect.fail(refusal("smtp_550", true)));
    await world.sendDue();
    const row = await world.rowOf(userId);
    expect(row).toMatchObject({ state: "failed", code: "smtp_550", attempts: 1 });
    expect(await world.record(row.id)).toMatchObject([{ type: "MailFailed", final: true }]);
  });

  test("what can never be put on record is given up, and that is said", async () => {
    const world = await begin();
    const userId = await world.signUp();
    world.refuseAppends(new LedgerBusy({ retryAfterMs: 100 }));
    for (let round = 0; round < ATTEMPTS_MAX + 5; round++) {
      await world.sendDue();
      world.forward(DAY_MS);
    }
    expect(world.sent).toHaveLength(1);
    const given = { state: "failed", code: "unrecorded", attempts: ATTEMPTS_MAX + 1 };
    expect(await world.rowOf(userId)).toMatchObject(given);
    expect(world.lines.at(-1)).toMatchObject({ message: "Mail sent, never on record" });
  });

  test("refusals that cannot be put on record are tried no more often than others", async () => {
    const world = await begin();
    const userId = await world.signUp();
    world.meet(() => Effect.fail(refusal("smtp_550", true)));
    world.refuseAppends(new LedgerBusy({ retryAfterMs: 100 }));
    for (let round = 0; round < ATTEMPTS_MAX + 5; round++) {
      await world.sendDue();
      world.forward(5_000);
    }
    expect(world.sent).toHaveLength(2);
    world.forward(2 * HOUR_MS);
    world.refuseAppends();
    await world.sendDue();
    const row = await world.rowOf(userId);
    expect(row).toMatchObject({ state: "failed", code: "expired" });
    expect(await world.record(row.id)).toMatchObject([{ type: "MailFailed", final: true }]);
  });

  test("an expired token's mail is not sent", async () => {
    const world = await begin();
    const userId = await world.signUp();
    world.forward(2 * HOUR_MS);
    await world.sendDue();
    expect(world.sent).toEqual([]);
    expect(await world.rowOf(userId)).toMatchObject({ state: "failed", code: "expired" });
  });

  test("a withdrawn token's mail is not sent", async () => {
    const world = await begin();
    const userId = await world.signUp();
    world.forward(1_000);
    await world.run(
      Effect.flatMap(Effect.service(OneTimeTokens), ({ withdraw }) => withdraw(userId)),
    );
    await world.sendDue();
    expect(world.sent).toEqual([]);
    expect(await world.rowOf(userId)).toMatchObject({ state: "dropped", code: "withdrawn" });
  });

  test("one mail that is a defect holds up no other", async () => {
    const world = await begin();
    const ada = await world.signUp("ada@example.net");
    const bob = await world.signUp("bob@example.net");
    world.meet(({ to }) =>
      to.startsWith("ada") ? Effect.die(new Error(`broken at ${to}`)) : Effect.void,
    );
    await world.sendDue();
    expect(await world.rowOf(ada)).toMatchObject({ state: "waiting", code: "internal" });
    expect(await world.rowOf(bob)).toMatchObject({ state: "sent" });
  });

  test("an event that cannot be read asks for no mail and holds up no other", async () => {
    const world = await begin();
    const unreadable = { type: "UserSignedUp", schema: 99, data: { what: 1 } };
    const append = Effect.flatMap(Effect.service(Ledgers), ({ identity }) =>
      identity.append({
        requestId: randomUUID(),
        stream: `user-${randomUUID()}`,
        expect: "any",
        entries: [unreadable],
        meta: { actor: "process:test", correlation: randomUUID() },
      }),
    );
    await world.run(append);
    const userId = await world.signUp();
    await world.sendDue();
    expect(await world.rowOf(userId)).toMatchObject({ state: "sent" });
  });

  test("neither the outbox nor the record nor a log line holds an address or a token", async () => {
    const world = await begin();
    const userId = await world.signUp("wonderland@example.net");
    world.meet(() => Effect.fail(refusal("smtp_451")));
    await world.sendDue();
    world.meet(() => Effect.void);
    world.forward(60_000);
    await world.sendDue();
    const row = await world.rowOf(userId);
    const token = new URL(world.sent[0]?.link ?? "").searchParams.get("token") ?? "";
    expect(token).toHaveLength(43);
    const kept = JSON.stringify([row, await world.record(row.id), world.lines]);
    expect(kept).not.toMatch(/wonderland|@/);
    expect(kept).not.toContain(token);
    expect(world.lines).toEqual([
      expect.objectContaining({ kind: "verification", code: "smtp_451", level: "warn" }),
      expect.objectContaining({ kind: "verification", level: "info" }),
    ]);
  });

  test("where sign-ups need no proof, none is asked for", async () => {
    const world = await begin({ verifySignUps: false });
    const userId = await world.signUp();
    await world.queued();
    expect(await world.rowOf(userId)).toBeUndefined();
  });

  test("what happened long before mail was there asks for none", async () => {
    const world = await begin({ queue: false });
    const userId = await world.signUp();
    world.forward(2 * HOUR_MS);
    world.queueing();
    await world.queued();
    expect(await world.rowOf(userId)).toBeUndefined();
  });
});

describe("what an attempt came to", () => {
  const far = "2027-01-01T00:00:00.000Z";
  const settle = (attempts: number, refused: Partial<MailRefused>, chance = 0.5) =>
    settlementOf(
      { attempts, expiresAt: far },
      { refused: { code: "smtp_451", permanent: false, ...refused } },
      { now: 0, chance },
    );

  test("eight attempts within a day, each later than the one before", () => {
    expect(ATTEMPTS_MAX).toBe(8);
    expect(RETRY_AFTER_MS.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(24 * HOUR_MS);
    expect([...RETRY_AFTER_MS].toSorted((a, b) => a - b)).toEqual(RETRY_AFTER_MS);
    expect(settle(ATTEMPTS_MAX, {})).toEqual({ state: "failed", code: "smtp_451" });
    expect(settle(ATTEMPTS_MAX - 1, {}).state).toBe("waiting");
  });

  test("the wait is jittered by a fifth, and never shorter than the server asks for", () => {
    const at = (ms: number) => ({ state: "waiting", code: "smtp_451", nextAt: timeOf(ms) });
    expect(settle(1, {}, 0)).toEqual(at(24_000));
    expect(settle(1, {}, 1)).toEqual(at(36_000));
    expect(settle(1, { retryAfterMs: 300_000 }, 1)).toEqual(at(300_000));
  });

  test("what would come after its end is not tried again", () => {
    const row = { attempts: 1, expiresAt: timeOf(20_000) };
    const refused = { code: "timeout", permanent: false };
    const settled = settlementOf(row, { refused }, { now: 0, chance: 0.5 });
    expect(settled).toEqual({ state: "failed", code: "timeout" });
  });
});

const timeOf = (ms: number) => new Date(ms).toISOString();
