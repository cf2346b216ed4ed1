import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { PasswordHash } from "../../adapters/ports/password-hash.ts";
import { StoreUnavailable } from "../../adapters/ports/store-unavailable.ts";
import { Throttles } from "../../adapters/ports/throttles.ts";
import { chargeMail } from "../../api/throttles/charge-mail.ts";
import { memoryServices } from "./memory-services.ts";
import { PASSWORD, type World, world } from "./world.ts";

test("a throttled try is never hashed: of 50 at once three are", async () => {
  let hashed = 0;
  const w = await world(async () => {
    const { services, close } = await memoryServices();
    const passwords = Context.get(services, PasswordHash);
    const verify: typeof passwords.verify = (stored, password) => {
      hashed++;
      return passwords.verify(stored, password);
    };
    return { services: Context.add(services, PasswordHash, { ...passwords, verify }), close };
  });
  const remoteAddress = "203.0.113.1";
  const body = { identifier: "ada@example.org", password: PASSWORD };
  const ask = () => w.ask("POST", "/v1/sign-in", { body, remoteAddress });
  const heard = await Promise.all(Array.from({ length: 50 }, ask));
  expect(heard.filter(({ status }) => status === 429)).toHaveLength(47);
  expect(hashed).toBe(3);
  await w.close();
});

test("while nothing can be counted, nothing is tried", async () => {
  const w = await world(async () => {
    const { services, close } = await memoryServices();
    const away = new StoreUnavailable({ cause: "away" });
    const throttles = { ...Context.get(services, Throttles), reserve: () => Effect.fail(away) };
    return { services: Context.add(services, Throttles, throttles), close };
  });
  const body = { identifier: "ada@example.org", password: PASSWORD };
  const heard = await w.ask("POST", "/v1/sign-in", { body });
  expect([heard.status, heard.json.code]).toEqual([503, "unavailable"]);
  expect((await w.ask("GET", "/healthz")).status).toBe(200);
  await w.close();
});

type Asking = Parameters<typeof chargeMail>[0]["caller"];

/** Whether a mail goes out, to whom and asked for from where. */
const mailer = (w: World, caller?: object) => (recipient: string, address: string) =>
  w.run(
    // Of a request, a charge looks at these two alone.
    chargeMail({ caller: caller as Asking, address } as never, recipient).pipe(
      Effect.as(true),
      Effect.catchTag("Problem", () => Effect.succeed(false)),
    ),
  );

test("mails: three a minute that one network asks for, twenty an hour to one address", async () => {
  const w = await world(memoryServices);
  for (const mails of [mailer(w), mailer(w, { user: { guest: true, roles: ["guest"] } })]) {
    const id = crypto.randomUUID();
    // Bombed from everywhere, one person gets twenty.
    const flood = await Promise.all(
      Array.from({ length: 50 }, (_, n) => mails(`victim-${id}`, `198.51.100.${n}`)),
    );
    expect(flood.filter(Boolean)).toHaveLength(20);
    // What was refused for whom it went to is not held against where it came from.
    const from = `2001:db8:${id.slice(0, 4)}::1`;
    expect(await mails(`victim-${id}`, from)).toBe(false);
    const spread = await Promise.all(
      Array.from({ length: 50 }, (_, n) => mails(`${n}-${id}`, from)),
    );
    expect(spread.filter(Boolean)).toHaveLength(3);
    // And the other way round: a network that is full takes nobody's turn away.
    const others = Array.from({ length: 3 }, (_, n) => mails(`49-${id}`, `192.0.2.${n + 1}`));
    expect((await Promise.all(others)).filter(Boolean)).toHaveLength(3);
  }
  const person = mailer(w, { userId: "ada", user: { guest: false, roles: ["user"] } });
  const cannon = Array.from({ length: 40 }, (_, n) => person(`stranger-${n}`, `192.0.3.${n}`));
  expect((await Promise.all(cannon)).filter(Boolean)).toHaveLength(3);
  const architect = mailer(w, { userId: "bob", user: { guest: false, architect: true } });
  const invited = Array.from({ length: 20 }, (_, n) => architect(`friend-${n}`, "192.0.2.9"));
  expect((await Promise.all(invited)).every(Boolean)).toBe(true);
  const again = Array.from({ length: 5 }, () => architect("friend", "192.0.2.9"));
  expect((await Promise.all(again)).filter(Boolean)).toHaveLength(3);
  await w.close();
});
