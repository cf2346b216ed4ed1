import type { Origins } from "./origins.ts";

/** Browsers drop tabs and line ends from a URL and take a backslash for a slash. */
const PLAIN = /^[^\s\\\p{C}]{1,2048}$/u;

/**
 * Where to send somebody who came with `redirectTo`: a path of ours, or an address at a listed
 * origin; undefined for anything else, so that nobody is led elsewhere by our own link.
 */
export function redirectTarget(
  value: string | undefined,
  { origins, url: base }: { readonly origins: Origins; readonly url: string },
): string | undefined {
  if (value === undefined || !PLAIN.test(value)) return undefined;
  if (value.startsWith("/") && !value.startsWith("//")) {
    const url = parsed(value, base);
    const own = url?.origin === new URL(base).origin;
    // Without its dot segments a path may begin with two slashes, which would name another host.
    const stays = own && !url?.pathname.startsWith("//");
    return url !== undefined && stays ? `${url.pathname}${url.search}${url.hash}` : undefined;
  }
  if (!/^https?:\/\/[^/]/.test(value)) return undefined;
  const url = parsed(value);
  const plain = url?.username === "" && url.password === "";
  return url !== undefined && plain && origins.has(url.origin) ? url.href : undefined;
}

function parsed(value: string, base?: string): URL | undefined {
  return URL.canParse(value, base) ? new URL(value, base) : undefined;
}
