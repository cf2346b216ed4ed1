import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../ops/temporary-folder.ts";
import { architectOf, PASSWORD } from "../support/faults-architect.ts";
import { ask } from "../support/faults-client.ts";
import { ledgerOf } from "../support/faults-ledger.ts";
import { anyPostgres, onAnyPostgres } from "../support/faults-postgres.ts";
import { ROUNDS, ROUNDS_TIMEOUT_MS, say } from "../support/faults-rounds.ts";
import { RUNTIME, startServer } from "../support/faults-server.ts";

/** A duel takes milliseconds, and the interesting interleavings are few. */
const DUELS = ROUNDS * 10;

describe("on postgres", onAnyPostgres, () => {
  let postgres: Awaited<ReturnType<typeof anyPostgres>>;
  beforeAll(async () => {
    postgres = await anyPostgres();
  });
  afterAll(() => postgres?.remove());

  test(
    "two architects who dismiss each other at once: one remains, always",
    async () => {
      const database = await postgres.database();
      const first = await startServer({ data: temporaryFolder(), database });
      const second = await startServer({ data: temporaryFolder(), database });
      const ada = await architectOf(first.base);
      const signUp = { body: { email: "grace@example.com", password: PASSWORD } };
      const { cookie, body } = await ask(second.base, "POST /v1/sign-up", signUp);
      const grace = { cookie, userId: body.user.id };
      const appoint = async (by: typeof grace, whom: typeof grace) => {
        const asked = { cookie: by.cookie, body: { userId: whom.userId } };
        expect((await ask(first.base, "POST /v1/architects", asked)).status).toBe(201);
      };
      await appoint(ada, grace);
      const wins = { ada: 0, grace: 0 };
      for (let duel = 0; duel < DUELS; duel++) {
        // Each in turn starts first, and each server in turn serves each of them.
        const [left, right] = duel % 2 === 0 ? [first, second] : [second, first];
        const attack = (base: string, by: typeof grace, whom: typeof grace) =>
          ask(base, `DELETE /v1/architects/${whom.userId}`, { cookie: by.cookie });
        const shots = [() => attack(left.base, ada, grace), () => attack(right.base, grace, ada)];
        const order = duel % 3 === 0 ? shots.toReversed() : shots;
        const statuses = (await Promise.all(order.map((shoot) => shoot()))).map(
          ({ status }) => status,
        );
        expect(statuses.toSorted(), `duel ${duel}`).toEqual([204, 403]);
        const adaAsks = await ask(left.base, "GET /v1/architects", { cookie: ada.cookie });
        const graceAsks = await ask(right.base, "GET /v1/architects", { cookie: grace.cookie });
        const adaWon = adaAsks.status === 200;
        expect([adaAsks.status, graceAsks.status].toSorted()).toEqual([200, 403]);
        const [winner, loser] = adaWon ? [ada, grace] : [grace, ada];
        const { items } = (adaWon ? adaAsks : graceAsks).body;
        expect(items).toEqual([{ userId: winner.userId }]);
        wins[adaWon ? "ada" : "grace"] += 1;
        await appoint(winner, loser);
      }
      const events = await ledgerOf(first.base, ada.cookie);
      const dismissals = events.filter(({ type }) => type === "ArchitectDismissed");
      expect(dismissals.length).toBe(DUELS);
      say(
        `two servers on postgres under ${RUNTIME}: ${DUELS} duels, one remained each time ` +
          `(${wins.ada} : ${wins.grace})`,
      );
    },
    ROUNDS_TIMEOUT_MS,
  );
});
