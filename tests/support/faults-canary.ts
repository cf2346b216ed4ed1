import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** In every personal value of the canary test; nothing else in the world contains it. */
export const CANARY = "zqcanaryvxkw";

/** An address that no machine has, as a proxy would pass it on. */
export const CANARY_ADDRESS = "2001:db8:c0de:feed:beef:1234:5678:9abc";

/** All the forms in which a text may lie on a disk without being protected. */
export const formsOf = (text: string): ReadonlyArray<{ name: string; bytes: Buffer }> => {
  const utf8 = Buffer.from(text, "utf8");
  const big = Buffer.from(text, "utf16le").swap16();
  const forms = [
    { name: "as it is", bytes: utf8 },
    { name: "in capitals", bytes: Buffer.from(text.toUpperCase()) },
    { name: "in UTF-16, little endian", bytes: Buffer.from(text, "utf16le") },
    { name: "in UTF-16, big endian", bytes: big },
    { name: "in hex", bytes: Buffer.from(utf8.toString("hex")) },
    { name: "in capital hex", bytes: Buffer.from(utf8.toString("hex").toUpperCase()) },
    { name: "reversed", bytes: Buffer.from([...text].reverse().join("")) },
  ];
  // Base64 differs by where in a group of three bytes the text begins; its edges mix with others.
  for (const encoding of ["base64", "base64url"] as const) {
    for (const before of [0, 1, 2]) {
      const whole = Buffer.concat([Buffer.alloc(before), utf8]).toString(encoding);
      const from = Math.ceil((before * 8) / 6);
      const to = Math.floor(((before + utf8.length) * 8) / 6);
      const bytes = Buffer.from(whole.slice(from, to));
      forms.push({ name: `in ${encoding}, offset ${before}`, bytes });
    }
  }
  return forms;
};

/** Where the text lies in these bytes, in words; empty when nowhere. */
export const findIn = (text: string, bytes: Buffer): ReadonlyArray<string> =>
  formsOf(text).flatMap(({ name, bytes: form }) => {
    const at = bytes.indexOf(form);
    if (at < 0) return [];
    const around = bytes.subarray(Math.max(0, at - 40), at + form.length + 40);
    return [`${name} at ${at}: ${JSON.stringify(around.toString("latin1"))}`];
  });

/** Looks through every file under a folder; answers the finds and how much was read. */
export const findUnder = (
  texts: ReadonlyArray<string>,
  folder: string,
): { readonly found: ReadonlyArray<string>; readonly files: number; readonly bytes: number } => {
  const found: Array<string> = [];
  let files = 0;
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const content = readFileSync(path);
    files += 1;
    bytes += content.length;
    for (const text of texts) {
      for (const find of findIn(text, content)) found.push(`${path}: ${find}`);
    }
  }
  return { found, files, bytes };
};
