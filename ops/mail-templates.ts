import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MAIL_LANGUAGES } from "../api/mail/mail-language.ts";
import { holesOf, PLACEHOLDERS } from "../api/mail/placeholders.ts";
import { type OwnTemplate, type OwnTemplates, TOKEN_OF } from "../api/mail/render-mail.ts";
import { MAIL_TEMPLATES, type MailTemplate } from "../domain/mail/mod.ts";
import { nearestName } from "./nearest-name.ts";
import { UsageError } from "./usage-error.ts";

const FILE = /^(?<template>[a-z-]+)\.(?<language>[a-z]+)\.(?<kind>txt|html)$/;
/** The first line of a text file, then an empty line, then the text. */
const TEXT = /^Subject: *([^\r\n]+)\r?\n\r?\n([\s\S]+)$/;
/** Programs that make folders leave these in them. */
const NOT_OURS = /^(?:\.|README|Thumbs\.db)/i;

/**
 * An operator's own mails: `<template>.<language>.txt` and `.html` in a folder, always both.
 *
 * Errors: throws a UsageError with one line for each mistake.
 */
export const ownTemplates = (folder: string | undefined): OwnTemplates => {
  if (folder === undefined) return new Map();
  if (!existsSync(folder)) {
    throw wrong([`Cannot use AUTHLEDGER_MAIL_TEMPLATES: the folder ${folder} does not exist`]);
  }
  const mistakes: Array<string> = [];
  const own = new Map<string, OwnTemplate>();
  const names = readdirSync(folder).filter((file) => !NOT_OURS.test(file));
  for (const file of names.toSorted()) mistakes.push(...nameMistakes(file));
  const places = new Set(names.map((file) => file.replace(/\.(?:txt|html)$/, "")));
  if (mistakes.length === 0) {
    for (const place of [...places].toSorted()) {
      const read = readPair(folder, place);
      if (Array.isArray(read)) mistakes.push(...read);
      else own.set(place, read);
    }
  }
  if (mistakes.length > 0) throw wrong(mistakes);
  return own;
};

const wrong = (lines: ReadonlyArray<string>) => new UsageError({ lines });

const nameMistakes = (file: string): ReadonlyArray<string> => {
  const { template = "", language = "" } = FILE.exec(file)?.groups ?? {};
  const known: ReadonlyArray<string> = MAIL_TEMPLATES;
  if (template === "") {
    return [mistake(file, 'expected a name such as "verification.en.txt" or ".html"')];
  }
  if (!known.includes(template)) {
    const nearest = nearestName(template, known);
    const hint = nearest === undefined ? `one of ${known.join(", ")}` : `did you mean ${nearest}?`;
    return [mistake(file, `there is no mail "${template}": ${hint}`)];
  }
  if (!Object.hasOwn(MAIL_LANGUAGES, language)) {
    const languages = Object.keys(MAIL_LANGUAGES).join(", ");
    return [mistake(file, `there is no language "${language}": expected one of ${languages}`)];
  }
  return [];
};

const readPair = (folder: string, place: string): OwnTemplate | Array<string> => {
  const [txt, html] = [`${place}.txt`, `${place}.html`];
  const missing = [txt, html].filter((file) => !existsSync(join(folder, file)));
  if (missing.length > 0)
    return missing.map((file) => mistake(file, "expected it beside the other"));
  const [written, markup] = [txt, html].map((file) => readFileSync(join(folder, file), "utf8"));
  const [, subject, text] = TEXT.exec(written ?? "") ?? [];
  if (subject === undefined || text === undefined || markup === undefined) {
    return [mistake(txt, 'expected "Subject: …", an empty line, and the text')];
  }
  const opens = TOKEN_OF[place.split(".")[0] as MailTemplate] !== undefined;
  const mistakes = [
    ...holeMistakes(txt, `${subject}\n${text}`),
    ...holeMistakes(html, markup),
    ...(opens && !holesOf(text).includes("link") ? [mistake(txt, "expected {{link}} in it")] : []),
    ...(opens && !holesOf(markup).includes("link")
      ? [mistake(html, "expected {{link}} in it")]
      : []),
    ...(holesOf(subject).includes("link")
      ? [mistake(txt, "expected no {{link}} in the subject: it is a secret")]
      : []),
  ];
  return mistakes.length > 0 ? mistakes : { subject, text, html: markup };
};

const holeMistakes = (file: string, text: string): ReadonlyArray<string> => {
  const known: ReadonlyArray<string> = PLACEHOLDERS;
  const unknown = new Set(holesOf(text).filter((name) => !known.includes(name)));
  return [...unknown].map((name) => {
    const nearest = nearestName(name, known);
    const hint =
      nearest === undefined ? `expected one of ${known.join(", ")}` : `did you mean ${nearest}?`;
    return mistake(file, `unknown {{${name}}}: ${hint}`);
  });
};

const mistake = (file: string, why: string) => `Cannot use mail template ${file}: ${why}`;
