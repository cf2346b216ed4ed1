import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../ops/temporary-folder.ts";
import { architectOf } from "../support/faults-architect.ts";
import { CANARY, CANARY_ADDRESS, findIn, findUnder } from "../support/faults-canary.ts";
import { ask } from "../support/faults-client.ts";
import { ledgerOf } from "../support/faults-ledger.ts";
import { onOwnPostgres, ownPostgres, query } from "../support/faults-postgres.ts";
import { say } from "../support/faults-rounds.ts";
import { type Place, RUNTIME, startServer } from "../support/faults-server.ts";

const TIMEOUT_MS = 120_000;
const SEARCHED = [CANARY, CANARY_ADDRESS];

const email = `${CANARY}.mail@example.com`;
const password = `${CANARY} password`;
const profile = { name: `${CANARY} name`, bio: `I am ${CANARY}`, phone: `+1 ${CANARY}` };
const headers = { "user-agent": `${CANARY}/1.0`, "x-forwarded-for": CANARY_ADDRESS };

/** A life on the server: signed up, revised, mistaken at sign-in, blocked, erased. */
const live = async (base: string) => {
  const { cookie } = await architectOf(base);
  const name = `First ${profile.name}`;
  const signUp = { body: { email, password, name }, headers };
  const came = await ask(base, "POST /v1/sign-up", signUp);
  expect(came.status).toBe(201);
  const user = came.body.user.id;
  const revised = { cookie: came.cookie, body: profile, headers };
  expect((await ask(base, "PATCH /v1/me", revised)).body.user).toMatchObject(profile);
  const wrong = { identifier: email, password: `wrong ${password}` };
  expect((await ask(base, "POST /v1/sign-in", { body: wrong, headers })).status).toBe(401);
  const nobody = { identifier: `nobody.${email}`, password };
  expect((await ask(base, "POST /v1/sign-in", { body: nobody, headers })).status).toBe(401);
  const malformed = { email: `${CANARY} is no address`, password, [CANARY]: CANARY };
  expect((await ask(base, "POST /v1/sign-up", { body: malformed, headers })).status).toBe(400);
  expect((await ask(base, `GET /v1/${CANARY}?${CANARY}=${CANARY}`, { headers })).status).toBe(404);
  const key = { ...headers, "idempotency-key": `key-${CANARY}` };
  const reason = { cookie, body: { reason: `because of ${CANARY}` }, headers: key };
  expect((await ask(base, `POST /v1/users/${user}/block`, reason)).status).toBe(200);
  const seen = await ledgerOf(base, cookie);
  expect(JSON.stringify(seen)).toContain(email);
  expect(JSON.stringify(seen)).toContain(`because of ${CANARY}`);
  const metrics = await (await fetch(new URL("/metrics", base))).text();
  expect(metrics).toContain('route="/v1/sign-up",status="4xx"');
  expect(metrics).not.toContain(CANARY);
  return { cookie, user };
};

const erase = async (base: string, { cookie, user }: Awaited<ReturnType<typeof live>>) => {
  expect((await ask(base, `DELETE /v1/users/${user}`, { cookie, headers })).status).toBe(204);
  const events = (await ledgerOf(base, cookie)).filter(({ stream }) => stream === `user-${user}`);
  expect(JSON.stringify(events)).not.toContain(CANARY);
  const signedUp = events.find(({ type }) => type === "UserSignedUp");
  expect(signedUp?.data).toMatchObject({ email: { erased: true }, name: { erased: true } });
  const blocked = events.find(({ type }) => type === "UserBlocked");
  expect(blocked?.data).toMatchObject({ reason: { erased: true } });
  expect(events.at(-1)?.type).toBe("UserErased");
};

const canaried = async (place: Place, folders: ReadonlyArray<string>, settle: () => unknown) => {
  const environment = { AUTHLEDGER_TRUST_PROXY: "127.0.0.1/32", LOG_LEVEL: "debug" };
  const server = await startServer({ ...place, environment });
  const look = async (when: string) => {
    await settle();
    const looked = folders.map((folder) => findUnder(SEARCHED, folder));
    expect(
      looked.flatMap(({ found }) => found),
      when,
    ).toEqual([]);
    return looked.reduce(
      (sum, { files, bytes }) => ({ files: sum.files + files, bytes: sum.bytes + bytes }),
      { files: 0, bytes: 0 },
    );
  };
  const person = await live(server.base);
  await look("while the person exists");
  await erase(server.base, person);
  server.kill("SIGTERM");
  expect(await server.ended).toBe(0);
  const { files, bytes } = await look("after the server's end");
  for (const text of SEARCHED) expect(findIn(text, Buffer.from(server.log()))).toEqual([]);
  // At this level every request has its line, so the search looked where a leak would be.
  expect(server.log()).toContain('"route":"POST /v1/sign-up","status":201');
  expect(server.log()).toContain('"route":"none","status":404');
  // What is structural lies there in plaintext: the search looked where the events are.
  const control = folders.flatMap((folder) => findUnder(["UserSignedUp"], folder).found);
  expect(control.length).toBeGreaterThan(1);
  const mib = Math.round(bytes / 2 ** 20);
  return `no canary in ${files} files, ${mib} MiB, nor in ${server.log().length} bytes of log`;
};

test("the search finds a canary in every form and at every offset", () => {
  const folder = temporaryFolder();
  for (const text of SEARCHED) {
    const utf8 = Buffer.from(text);
    const hidden = [
      utf8,
      Buffer.from(text.toUpperCase()),
      Buffer.from(text, "utf16le"),
      Buffer.from(text, "utf16le").swap16(),
      Buffer.from(utf8.toString("hex")),
      ...[0, 1, 2, 3].map((before) =>
        Buffer.from(Buffer.from(`${"x".repeat(before)}${text}yz`).toString("base64")),
      ),
    ];
    for (const bytes of hidden) {
      writeFileSync(
        join(folder, "file"),
        Buffer.concat([Buffer.alloc(99), bytes, Buffer.alloc(9)]),
      );
      expect(findUnder([text], folder).found.length, bytes.toString("latin1")).toBeGreaterThan(0);
    }
  }
});

test(
  "no plaintext of a person in any file or log, on pglite",
  async () => {
    const data = temporaryFolder();
    say(`pglite under ${RUNTIME}: ${await canaried({ data }, [data], () => undefined)}`);
  },
  TIMEOUT_MS,
);

test("no plaintext of a person in any file or log, on postgres", {
  ...onOwnPostgres,
  timeout: TIMEOUT_MS,
}, async () => {
  const postgres = await ownPostgres();
  onTestFinished(postgres.remove);
  const data = temporaryFolder();
  const folders = [data, postgres.folder];
  const checkpoint = () => query(postgres.url, "CHECKPOINT");
  const result = await canaried({ data, database: postgres.url }, folders, checkpoint);
  for (const text of SEARCHED) expect(findIn(text, Buffer.from(postgres.log()))).toEqual([]);
  say(`own postgres ${postgres.version} under ${RUNTIME}: ${result}`);
});
