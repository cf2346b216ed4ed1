/** Where plain HTTP never leaves the machine. */
const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Characters: longer than one in use, and short enough for an index. */
export const ISSUER_MAX = 512;

/**
 * Whether people may come from there: an `https:` URL without query and fragment, or, on this
 * machine alone, an `http:` one.
 *
 * Source: OpenID Connect Discovery 1.0, section 3 (issuer).
 */
export function isIssuer(issuer: string): boolean {
  if (issuer.length > ISSUER_MAX || !/^[\x21-\x7e]+$/.test(issuer)) return false;
  if (/[?#\\*]/.test(issuer) || !URL.canParse(issuer)) return false;
  const { protocol, hostname, username, password, href } = new URL(issuer);
  if (username !== "" || password !== "") return false;
  if (href !== issuer && href !== `${issuer}/`) return false;
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.has(hostname));
}
