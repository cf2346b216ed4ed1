import type { Credential } from "../session/credential.ts";
import { encodeCredential, verifyCredential } from "../session/credential.ts";
import type { Settings } from "./settings.ts";

type CookieSettings = Pick<Settings, "publicMode" | "cookieDomain">;

/** Which of our cookies a request came with, and its value. */
export type Presented = {
  /** `verify` is good only for asking who is signed in. */
  readonly kind: "session" | "verify";
  readonly value: string;
};

/** `__Host-` makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis, 4.1.3.2). */
export function sessionCookieName({ publicMode }: Pick<Settings, "publicMode">): string {
  return publicMode ? "__Host-authledger_session" : "authledger_session";
}

/** `__Secure-` insists on Secure and leaves room for a Domain (RFC 6265bis, 4.1.3.1). */
function verifyCookieName({ publicMode }: CookieSettings): string {
  return publicMode ? "__Secure-authledger_verify" : "authledger_verify";
}

/** Where an impersonator's own session waits meanwhile. */
function ownCookieName({ publicMode }: CookieSettings): string {
  return publicMode ? "__Host-authledger_own" : "authledger_own";
}

/** By which a person's browser is known at their next sign-in; it lets nobody in. */
function deviceCookieName({ publicMode }: CookieSettings): string {
  return publicMode ? "__Host-authledger_device" : "authledger_device";
}

/** By which whoever comes back from a provider is known for whoever set out. */
function tripCookieName({ publicMode }: CookieSettings): string {
  return publicMode ? "__Host-authledger_trip" : "authledger_trip";
}

/** The value of a cookie; undefined when it is absent or sent more than once. */
function readCookie(name: string, header: string): string | undefined {
  let value: string | undefined;
  for (const part of header.split(";")) {
    const pair = part.trim();
    if (!pair.startsWith(name) || pair[name.length] !== "=") continue;
    if (value !== undefined) return undefined;
    value = pair.slice(name.length + 1);
  }
  return value;
}

/** The value of our session cookie; undefined when it is absent or sent more than once. */
export function readSessionCookie(
  settings: Pick<Settings, "publicMode">,
  header: string | null,
): string | undefined {
  return header === null ? undefined : readCookie(sessionCookieName(settings), header);
}

/**
 * What a request presents: the session cookie, or where that is absent and `allowsVerify` the
 * verify cookie.
 */
export function readPresented(
  settings: CookieSettings,
  header: string | null,
  allowsVerify: boolean,
): Presented | undefined {
  if (header === null) return undefined;
  const session = readSessionCookie(settings, header);
  if (session !== undefined) return { kind: "session", value: session };
  if (!allowsVerify || settings.cookieDomain === undefined) return undefined;
  const verify = readCookie(verifyCookieName(settings), header);
  return verify === undefined ? undefined : { kind: "verify", value: verify };
}

/** The cookie of the session that an impersonator comes back to. */
export function readOwnCookie(settings: CookieSettings, header: string | null): string | undefined {
  return header === null ? undefined : readCookie(ownCookieName(settings), header);
}

function setCookie(
  { publicMode }: CookieSettings,
  cookie: { readonly name: string; readonly value: string; readonly domain?: string | undefined },
  maxAgeSeconds: number,
): string {
  const domain = cookie.domain === undefined ? "" : `; Domain=${cookie.domain}`;
  const kept = `${cookie.name}=${cookie.value}${domain}; Path=/; Max-Age=${maxAgeSeconds}`;
  return `${kept}; HttpOnly; SameSite=Lax${publicMode ? "; Secure" : ""}`;
}

const sessionCookie = (settings: CookieSettings, value: string, maxAgeSeconds: number) =>
  setCookie(settings, { name: sessionCookieName(settings), value }, maxAgeSeconds);

function verifyCookies(
  settings: CookieSettings,
  value: string,
  maxAgeSeconds: number,
): ReadonlyArray<string> {
  const { cookieDomain: domain } = settings;
  if (domain === undefined) return [];
  return [setCookie(settings, { name: verifyCookieName(settings), value, domain }, maxAgeSeconds)];
}

/** `Set-Cookie` values that keep a session until it would end; the session's own comes first. */
export function sessionCookies(
  settings: CookieSettings,
  credential: Credential,
  maxAgeSeconds: number,
): ReadonlyArray<string> {
  const verify = encodeCredential(verifyCredential(credential));
  return [
    sessionCookie(settings, encodeCredential(credential), maxAgeSeconds),
    ...verifyCookies(settings, verify, maxAgeSeconds),
  ];
}

/** The verify cookie again, for where only that one came: the session's own is not to be had. */
export function verifyCookieAgain(
  settings: CookieSettings,
  value: string,
  maxAgeSeconds: number,
): ReadonlyArray<string> {
  return verifyCookies(settings, value, maxAgeSeconds);
}

/** A `Set-Cookie` that keeps an impersonator's own session aside. */
export function ownCookie(settings: CookieSettings, value: string, maxAgeSeconds: number): string {
  return setCookie(settings, { name: ownCookieName(settings), value }, maxAgeSeconds);
}

/** A `Set-Cookie` that makes the browser forget what was kept aside. */
export function clearedOwnCookie(settings: CookieSettings): string {
  return ownCookie(settings, "", 0);
}

/** `Set-Cookie` values that make the browser forget the session. */
export function clearedSessionCookies(settings: CookieSettings): ReadonlyArray<string> {
  return [sessionCookie(settings, "", 0), ...verifyCookies(settings, "", 0)];
}

/** What a browser was marked by at an earlier sign-in. */
export function readDeviceCookie(
  settings: CookieSettings,
  header: string | null,
): string | undefined {
  return header === null ? undefined : readCookie(deviceCookieName(settings), header);
}

/** A `Set-Cookie` that marks a browser in which somebody signed in. */
export function deviceCookie(
  settings: CookieSettings,
  value: string,
  maxAgeSeconds: number,
): string {
  return setCookie(settings, { name: deviceCookieName(settings), value }, maxAgeSeconds);
}

/** What a browser was given when it set out for a provider. */
export function readTripCookie(
  settings: CookieSettings,
  header: string | null,
): string | undefined {
  return header === null ? undefined : readCookie(tripCookieName(settings), header);
}

/** A `Set-Cookie` for the time of a trip to a provider; Lax, for it is a link that leads back. */
export function tripCookie(settings: CookieSettings, value: string, maxAgeSeconds: number): string {
  return setCookie(settings, { name: tripCookieName(settings), value }, maxAgeSeconds);
}
