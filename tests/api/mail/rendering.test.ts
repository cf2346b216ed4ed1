import { describe, expect, test } from "vitest";
import { deviceName } from "../../../api/mail/device-name.ts";
import {
  MAIL_LANGUAGES,
  type MailLanguage,
  mailLanguage,
  writtenTime,
} from "../../../api/mail/mail-language.ts";
import { holesOf, PLACEHOLDERS } from "../../../api/mail/placeholders.ts";
import { type MailValues, renderMail, TOKEN_OF } from "../../../api/mail/render-mail.ts";
import { DEFAULT_BRAND } from "../../../api/pages/brand.ts";
import { MAIL_TEMPLATES, type MailTemplate } from "../../../domain/mail/mod.ts";

const languages = Object.keys(MAIL_LANGUAGES) as ReadonlyArray<MailLanguage>;
const values: MailValues = {
  link: "https://id.example.org/reset-password?token=abc&x=1",
  name: "Zoë",
  expires: "21 November 2026 at 08:20 UTC",
  when: "21 November 2026 at 07:20 UTC",
  device: "Firefox (Linux)",
  who: "eve@example.org",
  url: "https://id.example.org",
};
const look = { brand: DEFAULT_BRAND, own: new Map() };
const render = (template: MailTemplate, language: MailLanguage, more: Partial<MailValues> = {}) =>
  renderMail(look, { template, language }, { ...values, ...more });
const all = languages.flatMap((language) =>
  MAIL_TEMPLATES.map((template) => [language, template] as const),
);

test.each(all)("%s %s says whose it is, what it leads to, and until when", (language, template) => {
  const { subject, text, html } = render(template, language);
  expect(subject).toContain("Authledger");
  expect(subject.length).toBeLessThan(80);
  expect(text).toContain(values.link);
  expect(html).toContain('href="https://id.example.org/reset-password?token=abc&amp;x=1"');
  expect(html).toContain(`<html lang="${language}">`);
  const expires = TOKEN_OF[template] !== undefined;
  expect(text.includes(values.expires), "says until when").toBe(expires);
  expect(html.includes(values.expires), "says until when").toBe(expires);
  const { unasked } = MAIL_LANGUAGES[language].mails[template];
  expect(text).toContain(unasked.replaceAll("{{product}}", "Authledger"));
  expect(`${subject}${text}${html}`).not.toMatch(/\{\{|\}\}|undefined/);
});

test.each(languages)(
  "%s leaves open only what is filled in, and differs from English",
  (language) => {
    const known: ReadonlyArray<string> = PLACEHOLDERS;
    const written = JSON.stringify(MAIL_LANGUAGES[language]);
    for (const name of holesOf(written)) expect(known).toContain(name);
    for (const template of MAIL_TEMPLATES) {
      const [ours, english] = [MAIL_LANGUAGES[language], MAIL_LANGUAGES.en].map((texts) =>
        holesOf(JSON.stringify(texts.mails[template].text)).toSorted(),
      );
      expect(
        ours?.filter((name) => name !== "product"),
        template,
      ).toEqual(english?.filter((name) => name !== "product"));
      if (language === "en") continue;
      const { title } = MAIL_LANGUAGES[language].mails[template];
      expect(title).not.toBe(MAIL_LANGUAGES.en.mails[template].title);
    }
  },
);

test("every value is escaped, and who has no name is greeted all the same", () => {
  const attack = `"><script>alert(1)</script>'&`;
  const { html } = render("new-device", "en", { name: attack, device: attack, link: attack });
  expect(html).not.toContain("<script");
  expect(html).not.toContain(attack);
  expect(html).toContain("&lt;script&gt;");
  expect(render("reset", "en", { name: "" }).text).toContain("Hello,\n");
});

test("a subject is one line, whatever the installation is called", () => {
  const brand = { ...DEFAULT_BRAND, name: "Shop\r\nBcc: eve@example.org" };
  const { subject } = renderMail({ ...look, brand }, { template: "test", language: "en" }, values);
  expect(subject).not.toMatch(/[\r\n]/);
});

test("the brand's colour is the button's, and its logo is shown where it can be fetched", () => {
  const logo = { kind: "address", url: "https://cdn.example.org/logo.png" } as const;
  const brand = { name: "Shop", colour: "#facc15", logo };
  const { html } = renderMail({ ...look, brand }, { template: "reset", language: "en" }, values);
  expect(html).toContain('bgcolor="#facc15"');
  expect(html).toContain("color:#000000");
  expect(html).toContain('<img src="https://cdn.example.org/logo.png" alt="Shop"');
});

test("a template of one's own replaces ours, its values escaped in HTML alone", () => {
  const own = new Map([
    ["reset.en", { subject: "{{product}}: {{ name }}", text: "{{link}}", html: "<a>{{link}}</a>" }],
  ]);
  const house = { brand: DEFAULT_BRAND, own };
  expect(renderMail(house, { template: "reset", language: "en" }, values)).toEqual({
    subject: "Authledger: Zoë",
    text: values.link,
    html: "<a>https://id.example.org/reset-password?token=abc&amp;x=1</a>",
  });
  const german = renderMail(house, { template: "reset", language: "de" }, values);
  expect(german.subject).toContain("Passwort");
});

test.each([
  [undefined, "en"],
  ["de-AT", "de"],
  ["zh_Hans_CN", "zh"],
  ["FR", "fr"],
  ["tlh", "en"],
  ["__proto__", "en"],
])("a person's locale %s is written to in %s", (locale, language) => {
  expect(mailLanguage(locale)).toBe(language);
});

test.each([
  ["en", undefined, "21 November 2026 at 08:20 UTC"],
  ["de", "Europe/Vienna", "21. November 2026 um 09:20 MEZ"],
  ["en", "Not/AZone", "21 November 2026 at 08:20 UTC"],
] as const)("a time in %s and %s names its zone", (language, zone, written) => {
  expect(writtenTime(language, "2026-11-21T08:20:00.000Z", zone)).toBe(written);
});

describe("a device is called by what its owner knows of it", () => {
  test.each([
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox (Linux)"],
    [
      "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
      "Edge (Windows)",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1",
      "Safari (iOS)",
    ],
    ["curl/8.9.1", "curl"],
    ["something else", undefined],
    [undefined, undefined],
  ])("%s", (userAgent, name) => {
    expect(deviceName(userAgent)).toBe(name);
  });
});
