import { randomUUID } from "node:crypto";
import { createServer, type Socket } from "node:net";
import * as Effect from "effect/Effect";
import * as Redacted from "effect/Redacted";
import { simpleParser } from "mailparser";
import { afterEach, describe, expect, test } from "vitest";
import { type MailRefused, MailTransport } from "../../../adapters/ports/mail-transport.ts";
import { layer, type SmtpServer } from "../../../adapters/smtp/mail-transport.ts";
import { refusalOf } from "../../../adapters/smtp/refusal.ts";
import { selfSigned, smtpError, smtpServer } from "../../support/smtp.ts";
import { until } from "../../support/until.ts";

const sender = { name: "Authledger", address: "id@example.org" };
const mail = {
  id: "0b6f4c1e-6d0a-4c53-9a0f-6f7a3f2f5c11",
  template: "verification",
  to: "ada@example.net",
  subject: "Подтвердите адрес — 你好, Zoë",
  text: "Guten Tag Zoë,\n\nhttps://id.example.org/verify-email?token=abc\n",
  html: '<p>Guten Tag Zoë</p><a href="https://id.example.org/verify-email?token=abc">x</a>',
  link: "https://id.example.org/verify-email?token=abc",
  language: "de",
} as const;

const closing: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
const serverWith = async (...handlers: Parameters<typeof smtpServer>) => {
  const server = await smtpServer(...handlers);
  closing.push(server.close);
  return server;
};

const PLAIN = { host: "127.0.0.1", secure: false, requireTls: false } as const;

/** Sends mails one after the other over one transport; answers what became of each. */
const send = (
  server: Partial<SmtpServer> & { readonly port: number },
  ...changed: ReadonlyArray<Partial<typeof mail> | Record<string, string>>
) => {
  const mails = changed.length === 0 ? [{}] : changed;
  const all = Effect.forEach(mails, (change) =>
    Effect.flatMap(Effect.service(MailTransport), (transport) =>
      transport.send({ ...mail, ...change } as typeof mail),
    ).pipe(
      Effect.map((): "sent" | MailRefused => "sent"),
      Effect.catchTag("MailRefused", (refused) => Effect.succeed(refused)),
    ),
  );
  return Effect.runPromise(Effect.provide(all, layer({ ...PLAIN, ...server }, sender)));
};

test("what arrives is text and HTML in UTF-8, marked as automatic, with its headers", async () => {
  const server = await serverWith();
  const before = Date.now();
  expect(await send(server)).toEqual(["sent"]);
  const [received] = server.received;
  expect(received?.to).toEqual(["ada@example.net"]);
  const parsed = await simpleParser(received?.source ?? "");
  expect(parsed.subject).toBe(mail.subject);
  expect(parsed.text.trim()).toBe(mail.text.trim());
  expect(parsed.html.trim()).toBe(mail.html);
  expect(parsed.from.value).toEqual([sender]);
  expect(parsed.to.value).toEqual([{ name: "", address: mail.to }]);
  expect(parsed.messageId).toBe(`<${mail.id}@example.org>`);
  expect(Math.abs(parsed.date.getTime() - before)).toBeLessThan(60_000);
  expect(parsed.headers.get("auto-submitted")).toBe("auto-generated");
  expect(parsed.headers.get("content-language")).toBe("de");
  expect(parsed.headers.get("content-type")).toMatchObject({ value: "multipart/alternative" });
  // RFC 5322, 2.1.1: at most 998 characters a line, and only ASCII in headers.
  const lines = (received?.source ?? "").split("\r\n");
  expect(lines.every((line) => line.length <= 998)).toBe(true);
  expect((received?.source ?? "").split("\r\n\r\n")[0]).toMatch(/^[\x20-\x7e\r\n\t]*$/);
});

test("the same mail again has the same Message-ID, another one another", async () => {
  const server = await serverWith();
  await send(server, {}, {}, { id: randomUUID() });
  const ids = await Promise.all(
    server.received.map(async ({ source }) => (await simpleParser(source)).messageId),
  );
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[0]);
});

test.each([
  ["a subject", { subject: "Hello\r\nBcc: eve@example.org" }],
  ["an address", { to: "ada@example.net\r\nRCPT TO:<eve@example.org>" }],
  ["a list of addresses", { to: "ada@example.net, eve@example.org" }],
  ["a language", { language: "de\r\nBcc: eve@example.org" }],
])("header injection by %s is impossible", async (_, change) => {
  const server = await serverWith();
  await send(server, change);
  for (const { to, source } of server.received) {
    expect(to).not.toContain("eve@example.org");
    const { headerLines } = await simpleParser(source);
    expect(headerLines.map(({ key }) => key)).not.toContain("bcc");
  }
});

test("what a mail is made of is never a file or an address to fetch", async () => {
  const server = await serverWith();
  const path = { path: "/etc/passwd" };
  await send(server, { text: path as never, html: { href: "http://127.0.0.1:1/" } as never });
  expect(JSON.stringify(server.received)).not.toContain("root:");
});

describe("a refusal", () => {
  test("for now is tried again, and taken then; what the server asks for is heard", async () => {
    const server = await serverWith({
      recipient: (_, attempt) =>
        attempt === 1 ? smtpError(451, "4.7.1 Greylisted, try again in 5 minutes") : undefined,
    });
    const [first, second] = await send(server, {}, {});
    expect(first).toMatchObject({ code: "smtp_451", permanent: false, retryAfterMs: 300_000 });
    expect(second).toBe("sent");
  });

  test("for good is permanent, and says nothing of the address", async () => {
    const server = await serverWith({
      recipient: (address) => smtpError(550, `5.1.1 no such user ${address}`),
    });
    const [refused] = await send(server);
    expect(refused).toMatchObject({ code: "smtp_550", permanent: true });
    expect(JSON.stringify(refused)).not.toContain("ada");
    expect(String(refused)).not.toContain("ada");
  });

  test("to sign in is the operator's to mend, so it is tried again", async () => {
    const options = {
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth: unknown, _session: unknown, done: (error: Error) => void) =>
        done(smtpError(535, "5.7.8 wrong password")),
    };
    const server = await serverWith({ options: options as never });
    const signIn = { user: "id", password: Redacted.make("wrong") };
    expect(await send({ ...server, ...signIn })).toMatchObject([
      { code: "smtp_535", permanent: false },
    ]);
  });

  test("by a port where nobody listens", async () => {
    const server = await smtpServer();
    await server.close();
    expect(await send(server)).toMatchObject([{ code: "connection_refused", permanent: false }]);
  });

  test("by a server that says nothing is a time-out", async () => {
    const sockets: Array<Socket> = [];
    const silent = createServer((socket) => void sockets.push(socket));
    await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const { port } = silent.address() as { port: number };
    expect(await send({ port, timeoutMs: 50 })).toMatchObject([
      { code: "timeout", permanent: false },
    ]);
  });

  test("that takes too long is one: the connection ends, and nothing is sent over it", async () => {
    let goOn: (() => void) | undefined;
    let ended = false;
    const server = await serverWith({
      options: {
        onRcptTo: (_address, _session, done) => {
          goOn = () => done();
        },
        onClose: () => {
          ended = true;
        },
      },
    });
    expect(await send({ ...server, sendTimeoutMs: 300 })).toMatchObject([{ code: "timeout" }]);
    await until(async () => goOn !== undefined);
    goOn?.();
    await until(async () => ended || server.received.length > 0);
    expect(server.received).toEqual([]);
  });

  test.each([
    ["421 4.3.2 come back in 90 seconds", 90_000],
    ["450 greylisted for 2 min", 120_000],
    ["451 try again after 99999 minutes", 60 * 60_000],
    ["452 the box is full", undefined],
  ])("says %s", (response, retryAfterMs) => {
    const thrown = { responseCode: Number(response.slice(0, 3)), response, command: "RCPT TO" };
    expect(refusalOf(thrown).retryAfterMs).toBe(retryAfterMs);
  });
});

describe("TLS", () => {
  const certificate = selfSigned();
  const options = { skip: certificate === undefined, meta: { skipped: "no openssl" } };
  const secured = (more: object = {}) =>
    serverWith({ options: { ...certificate, disabledCommands: [], ...more } });

  test(
    "STARTTLS is used where it is offered, and the certificate is checked",
    options,
    async () => {
      const server = await secured();
      expect(await send(server)).toMatchObject([{ code: "certificate", permanent: false }]);
      expect(await send({ ...server, ca: certificate?.cert ?? "" })).toEqual(["sent"]);
      expect(server.received).toHaveLength(1);
    },
  );

  test("from the first byte, over smtps", options, async () => {
    const server = await secured({ secure: true });
    expect(await send({ ...server, secure: true })).toMatchObject([{ code: "certificate" }]);
    const trusted = { ...server, secure: true, ca: certificate?.cert ?? "" };
    expect(await send(trusted)).toEqual(["sent"]);
  });

  test("where it is required, nothing is sent without it", async () => {
    const server = await serverWith();
    const [refused] = await send({ ...server, requireTls: true });
    expect(refused).toMatchObject({ _tag: "MailRefused", permanent: false });
    expect(server.received).toEqual([]);
  });
});
