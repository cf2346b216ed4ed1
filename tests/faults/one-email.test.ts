import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../ops/temporary-folder.ts";
import { architectOf, PASSWORD } from "../support/faults-architect.ts";
import { ask } from "../support/faults-client.ts";
import { ledgerOf } from "../support/faults-ledger.ts";
import { anyPostgres, onAnyPostgres, query } from "../support/faults-postgres.ts";
import { ROUNDS, ROUNDS_TIMEOUT_MS, say } from "../support/faults-rounds.ts";
import { RUNTIME, startServer } from "../support/faults-server.ts";

/** One mailbox in four spellings: as it is, in capitals, full-width, with white space around. */
const spellings = (name: string): ReadonlyArray<string> => [
  `${name}@example.com`,
  `${name}@EXAMPLE.com`.toUpperCase(),
  `${name}@example.com`.replaceAll(/[a-z0-9@.]/g, (letter) =>
    String.fromCharCode(letter.charCodeAt(0) + 0xfee0),
  ),
  ` ${name}@Example.Com `,
];

describe("on postgres", onAnyPostgres, () => {
  let postgres: Awaited<ReturnType<typeof anyPostgres>>;
  beforeAll(async () => {
    postgres = await anyPostgres();
  });
  afterAll(() => postgres?.remove());

  test(
    "sign-ups with one e-mail at once: exactly one 201, the others 409",
    async () => {
      const database = await postgres.database();
      const servers = [
        await startServer({ data: temporaryFolder(), database }),
        await startServer({ data: temporaryFolder(), database }),
      ];
      const [{ base } = { base: "" }] = servers;
      const { cookie } = await architectOf(base);
      let signUps = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const asked = spellings(`ada${round}`).map((email, at) =>
          ask(servers[at % servers.length]?.base ?? base, "POST /v1/sign-up", {
            body: { email, password: PASSWORD },
          }),
        );
        const answers = await Promise.all(asked);
        signUps += answers.length;
        expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
        for (const { status, body } of answers) {
          if (status === 409) expect(body).toMatchObject({ code: "email_taken" });
        }
      }
      const events = await ledgerOf(base, cookie);
      // One of them is the architect's.
      expect(events.filter(({ type }) => type === "UserSignedUp").length).toBe(ROUNDS + 1);
      const claims = await query(database, "SELECT owner FROM authledger.claims");
      expect(new Set(claims.map(({ owner }) => owner)).size).toBe(ROUNDS + 1);
      expect(claims.length).toBe(ROUNDS + 1);
      say(`two servers on postgres under ${RUNTIME}: ${signUps} sign-ups, ${ROUNDS} people`);
    },
    ROUNDS_TIMEOUT_MS,
  );
});
