import type { Settings } from "./settings.ts";

const NAME = "authledger_session";

/** `__Host-` makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis, 4.1.3.2). */
export function sessionCookieName(settings: Pick<Settings, "publicMode">): string {
  return settings.publicMode ? `__Host-${NAME}` : NAME;
}

/** The value of our session cookie; undefined when it is absent or sent more than once. */
export function readSessionCookie(
  settings: Pick<Settings, "publicMode">,
  header: string | null,
): string | undefined {
  const name = sessionCookieName(settings);
  const values = (header ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? values[0] : undefined;
}

/** A `Set-Cookie` that keeps the session for as long as it lives. */
export function sessionCookie(
  settings: Pick<Settings, "publicMode">,
  value: string,
  maxAgeSeconds: number,
): string {
  const secure = settings.publicMode ? "; Secure" : "";
  const name = sessionCookieName(settings);
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}

/** `Set-Cookie` values that make the browser forget the session. */
export function clearedSessionCookies(
  settings: Pick<Settings, "publicMode">,
): ReadonlyArray<string> {
  return [sessionCookie(settings, "", 0)];
}
