import { domainToASCII } from "node:url";
import { z } from "zod";

/** RFC 5321 section 4.5.3.1: octets of a local part, and of a path without its brackets. */
const LOCAL_MAX = 64;
const ADDRESS_MAX = 254;
/** What a URL's parser would cut off a host or decode in it: no domain holds these. */
const NO_DOMAIN = /[/?#%]/;

/** Characters that we even look at: compatibility forms may be longer than what they mean. */
const INPUT_MAX = 1024;

/** Dot-separated atoms (RFC 5321, RFC 6531): no quoting, no white space, nothing invisible. */
const ATOM = String.raw`[^\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}.@<>()[\]\\,;:"]+`;
const LOCAL = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, "u");
const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9-]{2,63}$/;

/**
 * One spelling per mailbox: trimmed, compatibility forms folded (full-width to ASCII), lower
 * case, the domain in punycode. Undefined when it is no address that we could send mail to.
 *
 * Source: RFC 5321, RFC 6531; UAX #15 (NFKC); UTS #46 (domains).
 */
export function normaliseEmail(input: string): string | undefined {
  if (input.length > INPUT_MAX) return undefined;
  // Sigma has one capital and two small letters: from the capital, its place in the word decides.
  const wide = input.trim().normalize("NFKC").replaceAll(/[σς]/g, "Σ");
  const folded = wide.toLowerCase().normalize("NFKC");
  const at = folded.lastIndexOf("@");
  const local = folded.slice(0, Math.max(at, 0));
  const host = folded.slice(at + 1);
  const domain = NO_DOMAIN.test(host) ? "" : domainToASCII(host);
  if (!LOCAL.test(local) || !DOMAIN.test(domain)) return undefined;
  const address = `${local}@${domain}`;
  if (Buffer.byteLength(local) > LOCAL_MAX || Buffer.byteLength(address) > ADDRESS_MAX) {
    return undefined;
  }
  return address;
}

/** An e-mail address in a body, normalised. */
export const EmailAddress = z
  .string()
  .max(INPUT_MAX)
  .transform((input, context) => {
    const address = normaliseEmail(input);
    if (address !== undefined) return address;
    context.addIssue({ code: "custom", message: "not an e-mail address" });
    return z.NEVER;
  })
  .meta({ format: "email" });
