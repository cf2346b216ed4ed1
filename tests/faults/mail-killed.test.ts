import { simpleParser } from "mailparser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../ops/temporary-folder.ts";
import { PASSWORD } from "../support/faults-architect.ts";
import { ask } from "../support/faults-client.ts";
import { until } from "../support/faults-eventually.ts";
import { anyPostgres, onAnyPostgres, query } from "../support/faults-postgres.ts";
import { say } from "../support/faults-rounds.ts";
import { RUNTIME, startServer } from "../support/faults-server.ts";
import { smtpServer } from "../support/smtp.ts";

const TIMEOUT_MS = 60_000;
const person = { email: "wonderland@example.com", password: PASSWORD };
const TABLES = ["outbox", "one_time_tokens", "identity_events", "activity_events"];

describe("on postgres", onAnyPostgres, () => {
  let postgres: Awaited<ReturnType<typeof anyPostgres>>;
  beforeAll(async () => {
    postgres = await anyPostgres();
  });
  afterAll(() => postgres?.remove());

  /** A mail server that takes a mail and says so only when it may. */
  const holdingServer = async () => {
    const taken: Array<string> = [];
    const held = { answers: false };
    const server = await smtpServer({
      options: {
        onData: (stream, _session, done) => {
          const chunks: Array<Uint8Array> = [];
          stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
          stream.on("end", () => {
            taken.push(Buffer.concat(chunks).toString("utf8"));
            if (held.answers) done();
          });
        },
      },
    });
    return { ...server, taken, held };
  };

  test(
    "killed after the mail server took a mail and before that is noted: the same mail again",
    async () => {
      const mail = await holdingServer();
      const database = await postgres.database();
      const environment = {
        SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
        MAIL_FROM: "Authledger <id@example.com>",
      };
      const place = { data: temporaryFolder(), database, environment };
      const server = await startServer(place);
      const signedUp = await ask(server.base, "POST /v1/sign-up", { body: person });
      expect(signedUp.status, JSON.stringify(signedUp.body)).toBe(201);
      await until("the mail server has the mail", () => mail.taken.length === 1);
      server.kill("SIGKILL");
      await server.ended;
      // Whoever claimed it may be alive for two minutes; they are over.
      const waiting = await query(
        database,
        "UPDATE authledger.outbox SET next_at = queued_at RETURNING state, attempts",
      );
      expect(waiting).toEqual([{ state: "waiting", attempts: 1 }]);
      mail.held.answers = true;
      const again = await startServer(place);
      await until("it came again", () => mail.taken.length === 2);
      const [first, second] = await Promise.all(mail.taken.map((source) => simpleParser(source)));
      expect(second?.messageId).toBe(first?.messageId);
      expect(second?.text).toBe(first?.text);
      const token = /token=([\w-]{43})/.exec(second?.text ?? "")?.[1] ?? "";
      const dumps = await Promise.all(
        TABLES.map((table) => query(database, `SELECT t::TEXT AS row FROM authledger.${table} t`)),
      );
      const kept = JSON.stringify(dumps);
      const written = `${server.log()}${again.log()}`;
      for (const secret of [token, "wonderland"]) {
        expect(kept).not.toContain(secret);
        expect(written).not.toContain(secret);
      }
      const body = { token, password: PASSWORD };
      const proofs = await Promise.all(
        Array.from({ length: 10 }, () => ask(again.base, "POST /v1/email/verify", { body })),
      );
      expect(proofs.filter(({ status }) => status === 200)).toHaveLength(1);
      await mail.close();
      say(`postgres under ${RUNTIME}: a mail sent again after kill -9, token the same`);
    },
    TIMEOUT_MS,
  );
});
