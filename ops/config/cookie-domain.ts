import { isIP } from "node:net";

/** Second levels under which registries of countries let anybody register. */
const REGISTRY_LABELS = new Set(
  "ac co com edu firm gen go gob gov gouv ind info ltd me mil ne net nom or org plc sch web".split(
    " ",
  ),
);

/** Suffixes where hosts give subdomains to strangers, of the public suffix list's private part. */
const HOSTED_SUFFIXES = new Set(
  (
    "amazonaws.com appspot.com azurewebsites.net blogspot.com cloudfront.net deno.dev fly.dev " +
    "firebaseapp.com github.io gitlab.io glitch.me herokuapp.com lhr.life netlify.app ngrok.app " +
    "ngrok.io ngrok-free.app onrender.com pages.dev railway.app render.com repl.co run.app " +
    "surge.sh trycloudflare.com up.railway.app vercel.app web.app workers.dev"
  ).split(" "),
);

/**
 * Whether a cookie of `host` may have this domain, and only subdomains of the same owner would get
 * it. The public suffix list is not asked, for it changes every week: this refuses the suffixes
 * that people meet, and a browser refuses the rest.
 *
 * Source: RFC 6265 sections 5.1.3 and 5.3; https://publicsuffix.org/list/.
 */
export function isCookieDomainOf(host: string, domain: string): boolean {
  if (isIP(host) !== 0 || (host !== domain && !host.endsWith(`.${domain}`))) return false;
  const labels = domain.split(".");
  const [second = "", top = ""] = labels.slice(-2);
  if (labels.length < 2 || HOSTED_SUFFIXES.has(domain)) return false;
  const ofCountry = top.length === 2 && REGISTRY_LABELS.has(second);
  return !(labels.length === 2 && ofCountry);
}
