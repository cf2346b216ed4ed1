/** Which claims each scope asks for. Source: OpenID Connect Core 1.0, section 5.4. */
export const SCOPE_CLAIMS = {
  openid: ["sub"],
  profile: ["name", "preferred_username", "picture", "locale", "zoneinfo", "updated_at"],
  email: ["email", "email_verified"],
  phone: ["phone_number", "phone_number_verified"],
  address: ["address"],
} as const;

/** Scopes that mean the same everywhere. Source: the same, sections 5.4 and 11. */
export const OPENID_SCOPES = [
  "openid",
  "profile",
  "email",
  "phone",
  "address",
  "offline_access",
] as const;

/** The scope that a claim belongs to; undefined for one that we do not have. */
export function scopeOfClaim(claim: string): string | undefined {
  const entries: ReadonlyArray<readonly [string, ReadonlyArray<string>]> =
    Object.entries(SCOPE_CLAIMS);
  return entries.find(([, claims]) => claims.includes(claim))?.[0];
}
