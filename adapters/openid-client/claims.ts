import type { IssuerClaims } from "../ports/openid-issuers.ts";

/** Claims of an ID token or of userinfo, before anybody looked into them. */
export type Asserted = { readonly sub: string; readonly [claim: string]: unknown };

/** Longer than any claim that we keep. */
const CLAIM_MAX = 2048;

/** Whether the ID token leaves out what userinfo may have (OpenID Connect Core, 5.4). */
export function isIncomplete({ email, name }: Asserted): boolean {
  return email === undefined || name === undefined;
}

/**
 * What an issuer asserts. Address and whether it is proved come from one document: those of two
 * may be of two addresses.
 *
 * Source: OpenID Connect Core, section 5.1.
 */
export function claimsOf(
  token: Asserted,
  userinfo: Readonly<Record<string, unknown>>,
): IssuerClaims {
  const of = (claim: string) => textOf(token[claim]) ?? textOf(userinfo[claim]);
  const told = textOf(token["email"]) === undefined ? userinfo : token;
  const email = textOf(told["email"]);
  const optional = {
    name: of("name"),
    image: of("picture"),
    locale: of("locale"),
    timezone: of("zoneinfo"),
  };
  return {
    subject: token.sub,
    ...(email === undefined ? {} : { email }),
    emailVerified: email !== undefined && isTrue(told["email_verified"]),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

/** Some issuers write the word. */
function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= CLAIM_MAX ? value : undefined;
}
