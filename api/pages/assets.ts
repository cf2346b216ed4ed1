import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Brand, paletteOf } from "./brand.ts";

/** A name holds the hash of its content, so what a browser keeps never grows stale. */
const CACHE = "public, max-age=31536000, immutable";
const HASH_CHARACTERS = 16;

type Asset = { readonly bytes: Uint8Array<ArrayBuffer>; readonly contentType: string };

/** The few files that pages need, all of them ours. */
export type Assets = {
  readonly stylesheet: string;
  readonly icon: string;
  /** Where the brand's logo is, if there is one. */
  readonly logo: string | undefined;
  /** The file at a path such as `/assets/0123456789abcdef.css`. */
  readonly answer: (path: string) => Response | undefined;
};

export function assetsOf(brand: Brand): Assets {
  const files = new Map<string, Asset>();
  const add = (extension: string, content: string | Uint8Array, contentType: string) => {
    const bytes = new Uint8Array(typeof content === "string" ? Buffer.from(content) : content);
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, HASH_CHARACTERS);
    const path = `/assets/${hash}.${extension}`;
    files.set(path, { bytes, contentType });
    return path;
  };
  const file = fileURLToPath(new URL("./stylesheet.css", import.meta.url));
  const css = `${readFileSync(file, "utf8")}\n${coloursOf(brand)}`;
  const { logo } = brand;
  return {
    stylesheet: add("css", css, "text/css; charset=utf-8"),
    icon: add("svg", iconOf(brand), "image/svg+xml"),
    logo:
      logo === undefined || logo.kind === "address"
        ? logo?.url
        : add(
            logo.contentType.replace(/^image\//, "").replace("+xml", ""),
            logo.bytes,
            logo.contentType,
          ),
    answer: (path) => {
      const found = files.get(path);
      if (found === undefined) return undefined;
      const headers = { "content-type": found.contentType, "cache-control": CACHE };
      return new Response(found.bytes, { headers });
    },
  };
}

function coloursOf({ colour }: Brand): string {
  const { button, onButton, link, linkOnDark } = paletteOf(colour);
  const shared = `--button: ${button}; --on-button: ${onButton};`;
  return [
    `:root { ${shared} --link: ${link}; }`,
    `@media (prefers-color-scheme: dark) { :root { --link: ${linkOnDark}; } }`,
    "",
  ].join("\n");
}

/** Entries of a book, one after the other: also the mark of pages without a logo. */
export const MARK = "M7 8h12M7 13h12M7 18h7";

function iconOf({ colour }: Brand): string {
  const { button, onButton } = paletteOf(colour);
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 26 26">',
    `<rect width="26" height="26" rx="7" fill="${button}"/>`,
    `<path d="${MARK}" fill="none" stroke="${onButton}" stroke-width="2.4" `,
    'stroke-linecap="round"/></svg>',
  ].join("");
}
