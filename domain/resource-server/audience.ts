/**
 * Whether tokens may name an API by it: an absolute URI without a fragment, as RFC 8707, section 2
 * has it, and without what two programs could read differently.
 */
export function isAudience(audience: string): boolean {
  if (!/^[\x21\x23-\x7e]+$/.test(audience) || /[#*\\]/.test(audience)) return false;
  if (!URL.canParse(audience)) return false;
  const { protocol, username, password, href } = new URL(audience);
  if (username !== "" || password !== "") return false;
  if (protocol === "urn:") return /^urn:[a-z0-9][a-z0-9-]{1,31}:/.test(audience);
  return (
    (protocol === "https:" || protocol === "http:") &&
    (href === audience || href === `${audience}/`)
  );
}

/** One spelling of an audience: with and without the slash after a bare origin it is one API. */
export function spelled(audience: string): string {
  return URL.canParse(audience) ? new URL(audience).href : audience;
}
