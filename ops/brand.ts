import { readFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { type Brand, type BrandLogo, DEFAULT_BRAND } from "../api/pages/brand.ts";
import type { Config } from "./config.ts";
import { UsageError } from "./usage-error.ts";

/** Bytes of a logo's file: it is sent with the first page that anybody opens. */
const LOGO_BYTES_MAX = 256 * 1024;

const TYPES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
};

/**
 * How the pages look, with the logo's file read; undefined when they are turned off.
 *
 * Errors: throws a UsageError when the file cannot be served as a logo.
 */
export const brandOf = (config: Pick<Config, "pages" | "brand">): Brand | undefined => {
  if (!config.pages) return undefined;
  const { name, colour, logo } = config.brand;
  return {
    name: name ?? DEFAULT_BRAND.name,
    colour: colour ?? DEFAULT_BRAND.colour,
    ...(logo === undefined ? {} : { logo: logoOf(logo) }),
  };
};

const logoOf = (written: string): BrandLogo => {
  if (/^(?:https|data):/.test(written)) return { kind: "address", url: written };
  const contentType = TYPES[extname(written).toLowerCase()];
  if (contentType === undefined) throw refused(written, "expected .png, .jpg, .svg or .webp");
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(resolve(written));
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw refused(written, missing ? "the file does not exist" : "the file cannot be read");
  }
  if (bytes.byteLength > LOGO_BYTES_MAX) {
    throw refused(written, `expected at most ${LOGO_BYTES_MAX / 1024} KiB`);
  }
  return { kind: "file", bytes, contentType };
};

const refused = (written: string, why: string) =>
  new UsageError({
    lines: [`Cannot use AUTHLEDGER_BRAND_LOGO ${JSON.stringify(written)}: ${why}`],
  });
