import type { ClientType } from "./metadata.ts";

/** RFC 8252, section 7.3; `localhost` is what developers write, and browsers keep it local. */
const LOOPBACK = ["127.0.0.1", "[::1]", "localhost"];
/** RFC 8252, section 7.1: a domain that the app's maker has, backwards. */
const PRIVATE_SCHEME = /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:$/;

/**
 * Whether a client of this type may have answers sent there. It is compared as it stands, so it has
 * nothing that could mean more than one place: no wildcard, fragment, user, dot segment or
 * backslash. Over the network it is HTTPS; on the machine itself HTTP will do, and a native app may
 * have a scheme of its own.
 *
 * Source: RFC 6749, section 3.1.2; RFC 9700, section 2.1; RFC 8252, section 7.
 */
export function isRedirectUri(uri: string, type: ClientType): boolean {
  const parsed = parse(uri);
  if (parsed === undefined) return false;
  if (parsed.protocol === "https:") return true;
  if (parsed.protocol === "http:") return LOOPBACK.includes(parsed.hostname);
  return type === "native" && PRIVATE_SCHEME.test(parsed.protocol);
}

/** An absolute HTTPS address to look at: a logo, a policy, a set of keys. */
export function isWebUri(uri: string): boolean {
  return parse(uri)?.protocol === "https:";
}

/** `scheme://host[:port]` and no more, of HTTPS or of the machine itself. */
export function isOrigin(origin: string): boolean {
  const parsed = parse(origin);
  if (parsed === undefined || parsed.origin !== origin) return false;
  if (parsed.protocol === "https:") return true;
  return parsed.protocol === "http:" && LOOPBACK.includes(parsed.hostname);
}

/**
 * Whether an authorization request names a registered address: equal as text, but that the port of
 * a native app's loopback address is whichever the app was given.
 *
 * Source: RFC 9700, section 4.1.3; RFC 8252, section 7.3.
 */
export function matchesRedirectUri(registered: string, asked: string, type: ClientType): boolean {
  if (registered === asked) return true;
  if (type !== "native") return false;
  const [ours, theirs] = [parse(registered), parse(asked)];
  if (ours?.protocol !== "http:" || theirs === undefined) return false;
  if (!LOOPBACK.includes(ours.hostname) || ours.hostname !== theirs.hostname) return false;
  return withoutPort(registered, ours) === withoutPort(asked, theirs);
}

function parse(uri: string): URL | undefined {
  if (/[#*\\"\s]/.test(uri)) return undefined;
  if (!URL.canParse(uri)) return undefined;
  const parsed = new URL(uri);
  const isPlain = parsed.username === "" && parsed.password === "";
  // What the parser would have changed means another place to whoever does not parse alike.
  const isSame = parsed.href === uri || parsed.href === `${uri}/`;
  return isPlain && isSame ? parsed : undefined;
}

function withoutPort(uri: string, { host, hostname }: URL): string {
  return uri.replace(`//${host}`, () => `//${hostname}`);
}
