import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import { describe, expect, test } from "vitest";
import { userCodec } from "../../../adapters/codec/user.ts";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { load, transact } from "../../../adapters/transact.ts";
import { invariant } from "../../../domain/invariant.ts";
import { user } from "../../../domain/user/mod.ts";
import type { Stage } from "../suite.ts";
import { type Ask, type Heard, PASSWORD, TOKEN, type World } from "../world.ts";

const GUESSES = 50;

export function throttleTests({ here, fresh }: Stage): void {
  const signIn = (identifier: string, password: string, remoteAddress?: string) =>
    here().ask("POST", "/v1/sign-in", {
      body: { identifier, password },
      ...(remoteAddress === undefined ? {} : { remoteAddress }),
    });
  const outcomeOf = ({ status, json }: Heard) => [status, json.code];
  const THROTTLED = [429, "throttled"];
  const REFUSED = [401, "invalid_credentials"];

  describe("password tries", () => {
    test("three from one network, then a delay: nobody else is hindered", async () => {
      const [victim, other] = [await here().person("victim"), await here().person("other")];
      const attacker = "203.0.113.1";
      for (let n = 0; n < 3; n++) {
        expect(outcomeOf(await signIn(victim.email, "a wrong guess", attacker))).toEqual(REFUSED);
      }
      const fourth = await signIn(victim.email, PASSWORD, attacker);
      expect(outcomeOf(fourth)).toEqual(THROTTLED);
      expect(Number(fourth.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(Number(fourth.headers.get("retry-after"))).toBeLessThanOrEqual(10);
      expect((await signIn(other.email, PASSWORD, attacker)).status).toBe(200);
      // A victim cannot be locked out by somebody elsewhere.
      expect((await signIn(victim.email, PASSWORD, "203.0.113.2")).status).toBe(200);
    });

    test("an unknown identifier is throttled like a known one", async () => {
      const { email } = await here().person("known");
      const tries = async (identifier: string, from: string) => {
        const heard: Array<unknown> = [];
        for (let n = 0; n < 5; n++) heard.push(outcomeOf(await signIn(identifier, "wrong", from)));
        return heard;
      };
      const known = await tries(email, "203.0.113.3");
      expect(known).toEqual([REFUSED, REFUSED, REFUSED, THROTTLED, THROTTLED]);
      expect(await tries("nobody-at-all@example.org", "203.0.113.3")).toEqual(known);
      expect(await tries("no address", "203.0.113.3")).toEqual(known);
    });

    test("other spellings of an identifier are the same, and the rest of a /64 is", async () => {
      const { email } = await here().person("spelt");
      const spellings = [email, email.toUpperCase(), `  ${email} `, email.replace("@", "＠")];
      const heard: Array<unknown> = [];
      for (const [n, spelling] of spellings.entries()) {
        heard.push(outcomeOf(await signIn(spelling, "wrong", `2001:db8:0:7::${n + 1}`)));
      }
      expect(heard).toEqual([REFUSED, REFUSED, REFUSED, THROTTLED]);
      expect((await signIn(email, PASSWORD, "2001:db8:0:8::1")).status).toBe(200);
    });

    test("a right password forgives what was mistyped", async () => {
      const { email } = await here().person("clumsy");
      const from = "203.0.113.4";
      for (let round = 0; round < 3; round++) {
        for (let n = 0; n < 2; n++) await signIn(email, "mistyped", from);
        expect((await signIn(email, PASSWORD, from)).status).toBe(200);
      }
    });

    test("a session is no way around", async () => {
      const { email } = await here().person("guessed");
      const guest = await here().ask("POST", "/v1/guest");
      const signedIn = await here().person("guesser");
      for (const [n, { cookie }] of [guest, signedIn].entries()) {
        const remoteAddress = `203.0.113.${10 + n}`;
        const body = { identifier: email, password: "wrong" };
        const ask = () => here().ask("POST", "/v1/sign-in", { body, cookie, remoteAddress });
        const heard = [await ask(), await ask(), await ask(), await ask()];
        expect(heard.map(outcomeOf)).toEqual([REFUSED, REFUSED, REFUSED, THROTTLED]);
      }
    });

    test("of 50 parallel tries three reach the password, and the log grows by four", async () => {
      const w = here();
      const { id, email } = await w.person("raced");
      const before = (await w.heads())[1] ?? 0;
      const from = "203.0.113.5";
      const heard = await Promise.all(
        Array.from({ length: GUESSES }, (_, n) =>
          w.ask("POST", "/v1/sign-in", {
            body: { identifier: email, password: `guess ${n}` },
            remoteAddress: from,
          }),
        ),
      );
      expect(heard.filter(({ status }) => status === 401)).toHaveLength(3);
      expect(heard.filter(({ status }) => status === 429)).toHaveLength(GUESSES - 3);
      const told = await happened(w, before);
      const rejected = { stream: `sign-in-${id}`, data: { userId: id, reason: "wrong-password" } };
      expect(told.filter(({ type }) => type === "SignInRejected")).toEqual(
        Array(3).fill({ type: "SignInRejected", ...rejected }),
      );
      expect(told.filter(({ type }) => type === "SignInThrottled")).toEqual([
        { type: "SignInThrottled", stream: "sign-in-throttled", data: { bucket: "sign-in" } },
      ]);
      expect(told).toHaveLength(4);
      expect(JSON.stringify(told)).not.toContain(email);
    });
  });

  describe("unknown and known accounts differ in answer", () => {
    test("not with 50 parallel tries from 50 networks either", async () => {
      const { email } = await here().person("many");
      const ask = (identifier: string) =>
        Promise.all(Array.from({ length: GUESSES }, () => signIn(identifier, "wrong password")));
      const known = await ask(email);
      const unknown = await ask("never-signed-up@example.org");
      const shapeOf = (heard: Heard) => {
        const { requestId: _, ...body } = heard.json;
        const headers = [...heard.headers].filter(
          ([name]) => !["request-id", "ledger-position"].includes(name),
        );
        return { status: heard.status, body, headers, cookie: heard.cookie };
      };
      const [shape] = known.map(shapeOf);
      expect(shape).toMatchObject({ status: 401, cookie: undefined });
      for (const heard of [...known, ...unknown]) expect(shapeOf(heard)).toEqual(shape);
    });

    test("an event says what it was about, and nothing that was typed", async () => {
      const w = here();
      const { id, email } = await w.person("told");
      const before = (await w.heads())[1] ?? 0;
      const typed = "stranger@example.org";
      for (const identifier of [email, typed]) {
        const body = { identifier, password: "my other password" };
        expect((await w.ask("POST", "/v1/sign-in", { body })).status).toBe(401);
      }
      const type = "SignInRejected";
      const told = await happened(w, before);
      expect(told).toEqual([
        { type, stream: `sign-in-${id}`, data: { userId: id, reason: "wrong-password" } },
        { type, stream: "sign-in-unknown", data: { reason: "unknown-identifier" } },
      ]);
      expect(JSON.stringify(told)).not.toMatch(/stranger|other password/);
    });
  });

  test("an account without a password signs in by e-mail alone: not in 50 tries", async () => {
    const w = here();
    const { id, email } = await w.person("alone");
    await w.run(removePassword(id));
    const before = (await w.heads())[1] ?? 0;
    const passwords = ["", PASSWORD, "undefined", "null", "00000000-0000-0000-0000-000000000000"];
    const tries = Array.from({ length: GUESSES }, (_, n) => {
      const password = passwords[n % passwords.length] ?? "";
      const body = { identifier: email, ...(n % 7 === 0 ? {} : { password }) };
      return w.ask("POST", "/v1/sign-in", { body });
    });
    const heard = await Promise.all(tries);
    const codes = new Set(heard.map(({ status, json }) => `${status} ${json.code}`));
    expect(codes).toEqual(new Set(["400 invalid_field", "401 invalid_credentials"]));
    for (const { cookie } of heard) expect(cookie).toBeUndefined();
    const reasons = (await happened(w, before)).map(({ data }) => data["reason"]);
    expect(new Set(reasons)).toEqual(new Set(["no-password"]));
  });

  describe("requests of strangers", () => {
    test("100 POSTs of one network pass; reads and people do not count", async () => {
      const w = here();
      const remoteAddress = "203.0.113.6";
      const { cookie } = await w.person("regular");
      const paths = ["/v1/sign-up", "/v1/sign-out", "/v1/setup", "/v1/stores"];
      const heard = await Promise.all(
        Array.from({ length: 110 }, (_, n) =>
          w.ask("POST", paths[n % paths.length] ?? "", { body: { wrong: true }, remoteAddress }),
        ),
      );
      expect(heard.filter(({ status }) => status === 429)).toHaveLength(10);
      expect((await w.ask("GET", "/v1/session", { remoteAddress })).status).toBe(401);
      expect((await w.ask("GET", "/healthz", { remoteAddress })).status).toBe(200);
      const body = { name: "Documents" };
      const asked = { cookie, body, remoteAddress };
      expect((await w.ask("POST", "/v1/stores", asked)).status).not.toBe(429);
      // A cookie that is nobody's makes nobody a person.
      const forged = `authledger_session=${"A".repeat(64)}`;
      expect((await w.ask("POST", "/v1/sign-out", { cookie: forged, remoteAddress })).status).toBe(
        429,
      );
    });

    test("a session is no way around through a door that is open to strangers", async () => {
      const w = here();
      const remoteAddress = "203.0.113.20";
      const { cookie } = await w.person("crowding");
      const ask = () => w.ask("POST", "/v1/sign-up", { cookie, body: {}, remoteAddress });
      const heard = await Promise.all(Array.from({ length: 110 }, ask));
      expect(heard.filter(({ status }) => status === 429)).toHaveLength(10);
    });

    test("they are counted before their body is read", async () => {
      const w = here();
      const remoteAddress = "203.0.113.7";
      const ask = (raw: string) => w.ask("POST", "/v1/sign-up", { raw, remoteAddress });
      await Promise.all(Array.from({ length: 100 }, () => ask("{")));
      expect((await ask("x".repeat(100_000))).status).toBe(429);
    });
  });

  describe("mails that people ask for", () => {
    const ask = (email: string, asked: Partial<Ask> = {}) =>
      here().ask("POST", "/v1/magic-link", { body: { email }, ...asked });
    const statuses = async (times: number, run: (n: number) => Promise<Heard>) => {
      const heard: Array<number> = [];
      for (let n = 0; n < times; n++) heard.push((await run(n)).status);
      return heard;
    };

    test("a victim cannot be locked out by who asks for their mails from elsewhere", async () => {
      const { email } = await here().person("flooded");
      const attacker = { remoteAddress: "203.0.113.21" };
      expect(await statuses(5, () => ask(email, attacker))).toEqual([202, 202, 202, 429, 429]);
      expect((await ask(email, { remoteAddress: "203.0.113.22" })).status).toBe(202);
    });

    test("a mailbox gets twenty an hour, from however many networks", async () => {
      const { email } = await here().person("bombed");
      const heard = await statuses(24, (n) => ask(email, { remoteAddress: `203.0.114.${n}` }));
      expect(heard.filter((status) => status === 202)).toHaveLength(20);
    });
  });

  test("a network makes five guests an hour; those who have a session make none", async () => {
    const remoteAddress = "203.0.113.8";
    const ask = (cookie?: string) => here().ask("POST", "/v1/guest", { cookie, remoteAddress });
    const first = await ask();
    for (let n = 0; n < 10; n++) expect((await ask(first.cookie)).status).toBe(200);
    const others = await Promise.all(Array.from({ length: GUESSES }, () => ask()));
    expect(others.filter(({ status }) => status === 201)).toHaveLength(4);
    const refused = others.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(3_500);
  });

  test("the set-up token guessed: three tries from one network, and no event a guess", async () => {
    const w = await fresh();
    const before = await w.heads();
    const remoteAddress = "203.0.113.9";
    const body = { token: TOKEN, email: "ada@example.org", password: PASSWORD };
    const heard = await Promise.all(
      Array.from({ length: GUESSES }, (_, n) =>
        w.ask("POST", "/v1/setup", { body: { ...body, token: `guess ${n}` }, remoteAddress }),
      ),
    );
    expect(heard.filter(({ status }) => status === 403)).toHaveLength(3);
    expect(heard.filter(({ status }) => status === 429)).toHaveLength(GUESSES - 3);
    expect((await w.ask("POST", "/v1/setup", { body, remoteAddress })).status).toBe(429);
    expect((await w.heads())[0]).toBe(before[0]);
    expect(await happened(w, before[1] ?? 0)).toEqual([
      { type: "SignInThrottled", stream: "sign-in-throttled", data: { bucket: "set-up" } },
    ]);
    expect((await w.ask("POST", "/v1/setup", { body })).status).toBe(201);
  });
}

/** What activity holds of the door after a position, without times and ids. */
const happened = (w: World, after: number) =>
  w.run(
    Effect.gen(function* () {
      const records = yield* (yield* Ledgers).activity.read({ from: after + 1 });
      return records
        .filter(({ type }) => type.startsWith("SignIn"))
        .map(({ type, stream, data }) => ({ type, stream, data }));
    }),
  );

/** As the owner's first proof of the address does it. */
const removePassword = (id: string) =>
  Effect.gen(function* () {
    const aggregate = { decider: user, codec: userCodec };
    const { email } = (yield* load(aggregate, id)).state;
    invariant(email !== undefined, "who signed up has an address");
    const { position } = yield* transact({
      ...aggregate,
      id,
      requestId: randomUUID(),
      command: { type: "VerifyEmail", email, removePassword: true },
      meta: { actor: "process:test", correlation: randomUUID() },
    });
    invariant(position !== undefined, "a proof that appends nothing");
  });
