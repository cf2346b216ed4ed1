/** A request object that nobody signed. Source: OpenID Connect Core 1.0, section 6.1. */
export const unsigned = (claims: object): string => `${part({ alg: "none" })}.${part(claims)}.`;

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
