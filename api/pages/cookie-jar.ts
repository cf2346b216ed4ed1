/**
 * The `Cookie` header that a browser would send next, after these `Set-Cookie` values.
 *
 * Source: RFC 6265, 5.3 and 5.4, for cookies of our own alone: host and path are always ours.
 */
export function cookieAfter(cookie: string | null, set: ReadonlyArray<string>): string | null {
  const jar = new Map<string, string>();
  for (const pair of (cookie ?? "").split(";").map((each) => each.trim())) {
    const at = pair.indexOf("=");
    if (at > 0) jar.set(pair.slice(0, at), pair.slice(at + 1));
  }
  for (const line of set) {
    const [pair = ""] = line.split(";");
    const at = pair.indexOf("=");
    if (/;\s*max-age=0\b/i.test(line)) jar.delete(pair.slice(0, at));
    else jar.set(pair.slice(0, at), pair.slice(at + 1));
  }
  const pairs = [...jar].map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? null : pairs.join("; ");
}
