import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as Redacted from "effect/Redacted";
import { describe, expect, test } from "vitest";
import { readConfig } from "../../ops/config.ts";
import { mailModeOf, senderOf, smtpServerOf } from "../../ops/mail.ts";
import { ownTemplates } from "../../ops/mail-templates.ts";
import { UsageError } from "../../ops/usage-error.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const configOf = (environment: Record<string, string>) => {
  const config = readConfig(environment, "/srv/authledger");
  if (config instanceof UsageError) throw config;
  return config;
};
const linesOf = (environment: Record<string, string>) => {
  const config = readConfig(environment, "/srv/authledger");
  return config instanceof UsageError ? config.lines : [];
};

const smtp = { SMTP_URL: "smtps://id:p%40ss@mail.example.com", MAIL_FROM: "id@example.com" };
const known = { AUTHLEDGER_SECRET: "a".repeat(64) };
const there = { ...known, AUTHLEDGER_URL: "https://id.example.com" };

test("mail is shown on localhost, sent where there is a server, and closed elsewhere", () => {
  expect(mailModeOf(configOf({}))).toBe("mailbox");
  expect(mailModeOf(configOf(smtp))).toBe("smtp");
  expect(mailModeOf(configOf({ ...there, ...smtp }))).toBe("smtp");
  expect(mailModeOf(configOf(there))).toBe("closed");
  expect(configOf(smtp).warnings).toEqual([]);
});

test.each([
  [{ SMTP_URL: smtp.SMTP_URL }, "Cannot use SMTP_URL alone: expected MAIL_FROM to be set too"],
  [{ MAIL_FROM: smtp.MAIL_FROM }, "Cannot use MAIL_FROM alone: expected SMTP_URL to be set too"],
])("%j is half of what mail needs", (environment, line) => {
  expect(linesOf(environment)).toEqual([line]);
});

test.each([
  "http://mail.example.com",
  "smtp:mail.example.com",
  "smtps://mail.example.com/box",
  "smtps://mail.example.com?tls=off",
  "smtps://id@mail.example.com",
  "smtps://id:100%@mail.example.com",
  "mail.example.com:25",
])("SMTP_URL %s is refused, and not shown", (url) => {
  const [line = ""] = linesOf({ ...smtp, SMTP_URL: url });
  expect(line).toMatch(/^Cannot use SMTP_URL \(value not shown\): expected server and sign-in/);
});

test.each([
  ["id@example.com", { name: "", address: "id@example.com" }],
  ["Example <id@example.com>", { name: "Example", address: "id@example.com" }],
  ['"Example, Inc." <id@example.com>', { name: "Example, Inc.", address: "id@example.com" }],
])("MAIL_FROM %s is a sender", (written, sender) => {
  expect(linesOf({ ...smtp, MAIL_FROM: written })).toEqual([]);
  expect(senderOf(written)).toEqual(sender);
});

test.each([
  "example.com",
  "a@example.com, b@example.com",
  "a@example.com\r\nBcc: b@example.com",
  "A <a@example.com> <b@example.com>",
  "@example.com",
])("MAIL_FROM %j is refused", (written) => {
  expect(linesOf({ ...smtp, MAIL_FROM: written })).toHaveLength(1);
});

test.each([
  ["smtps://id:p%40ss@mail.example.com", true, { port: 465, secure: true, requireTls: true }],
  ["smtp://mail.example.com", true, { port: 587, secure: false, requireTls: true }],
  ["smtp://mail.example.com:2525", false, { port: 2525, secure: false, requireTls: false }],
  ["smtp://127.0.0.1:25", true, { port: 25, requireTls: false }],
  ["smtp://[::1]:25", true, { host: "::1", requireTls: false }],
  ["smtp://localhost:25", true, { host: "localhost", requireTls: false }],
  ["smtp://127.0.0.1.example.com", true, { requireTls: true }],
])("%s, on a public URL: %s, must be encrypted unless it stays here", (url, isPublic, server) => {
  expect(smtpServerOf(url, isPublic)).toMatchObject(server);
});

test("user and password of SMTP_URL are decoded, and the password stays closed", () => {
  const server = smtpServerOf(smtp.SMTP_URL, true);
  expect(server.user).toBe("id");
  expect(Redacted.value(server.password ?? Redacted.make(""))).toBe("p@ss");
  expect(JSON.stringify(server)).not.toContain("p@ss");
});

describe("templates of one's own", () => {
  const text = "Subject: {{product}}: reset\n\nHello {{name}}, {{link}}\n";
  const html = "<p>Hello {{name}}, <a href='{{link}}'>{{ link }}</a></p>";
  const folderOf = (files: Readonly<Record<string, string>>) => {
    const folder = join(temporaryFolder(), "mail");
    mkdirSync(folder);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return folder;
  };
  const mistakesOf = (files: Readonly<Record<string, string>>) => {
    try {
      ownTemplates(folderOf(files));
      return [];
    } catch (thrown) {
      return (thrown as UsageError).lines;
    }
  };

  test("are pairs of a text and a document", () => {
    const own = ownTemplates(
      folderOf({ "reset.en.txt": text, "reset.en.html": html, ".DS_Store": "", "README.md": "" }),
    );
    expect([...own]).toEqual([
      ["reset.en", { subject: "{{product}}: reset", text: "Hello {{name}}, {{link}}\n", html }],
    ]);
    expect(ownTemplates(undefined).size).toBe(0);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ["a missing half", { "reset.en.txt": text }, /reset\.en\.html: expected it beside/],
    ["an unknown mail", { "rest.en.txt": text }, /no mail "rest": did you mean reset\?/],
    ["an unknown language", { "reset.xx.txt": text }, /no language "xx"/],
    ["another name", { "reset.txt": text }, /expected a name such as/],
    [
      "an unknown placeholder",
      { "reset.en.txt": text, "reset.en.html": `${html}{{lnk}}` },
      /reset\.en\.html: unknown \{\{lnk\}\}: did you mean link\?/,
    ],
    [
      "a missing link",
      { "reset.en.txt": text, "reset.en.html": "<p>Hello</p>" },
      /reset\.en\.html: expected \{\{link\}\} in it/,
    ],
    [
      "no subject",
      { "reset.en.txt": "Hello {{link}}", "reset.en.html": html },
      /reset\.en\.txt: expected "Subject: …"/,
    ],
    [
      "the link in the subject",
      { "reset.en.txt": text.replace("reset", "{{link}}"), "reset.en.html": html },
      /expected no \{\{link\}\} in the subject/,
    ],
  ])("with %s are a mistake of one line", (_, files, line) => {
    expect(mistakesOf(files)).toEqual([expect.stringMatching(line)]);
  });

  test("in a folder that is not there are a mistake", () => {
    expect(() => ownTemplates("/nowhere")).toThrow("the folder /nowhere does not exist");
  });
});
