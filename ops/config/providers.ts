import * as Redacted from "effect/Redacted";
import { isIssuer } from "../../domain/provider/mod.ts";
import type { Environment } from "./read-variables.ts";

/** An issuer that the environment opens to sign in with. */
export type ProviderConfig = {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Absent: we are a public client there. */
  readonly clientSecret: Redacted.Redacted<string> | undefined;
  readonly scopes: ReadonlyArray<string>;
};

/** `AUTHLEDGER_OIDC_<ID>_<MEMBER>`; in the id `_` stands for `-`. */
const NAME = /^AUTHLEDGER_OIDC_([A-Z0-9][A-Z0-9_]*?)_(ISSUER|CLIENT_ID|CLIENT_SECRET|NAME|SCOPES)$/;
const SCOPES_DEFAULT = ["openid", "email", "profile"];
const SCOPES_MAX = 20;

/** What each member has to look like, and the words for it. */
const MEMBERS = {
  ISSUER: { is: isIssuer, wanted: "an https URL without query, as the issuer writes it" },
  CLIENT_ID: { is: matches(/^[\x20-\x7e]{1,512}$/), wanted: "at most 512 printable characters" },
  CLIENT_SECRET: { is: matches(/^[\x20-\x7e]{1,1024}$/), wanted: "at most 1024 characters" },
  NAME: { is: matches(/^\P{C}{1,100}$/u), wanted: "at most 100 characters on one line" },
  SCOPES: {
    is: (value: string) => {
      const scopes = scopesOf(value);
      const isEach = scopes.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/.test(scope));
      return isEach && scopes.includes("openid") && scopes.length <= SCOPES_MAX;
    },
    wanted: 'scopes with "openid" among them, separated by spaces',
  },
} as const;
type Member = keyof typeof MEMBERS;

/** Whether a variable is one of a provider's. */
export function isProviderVariable(name: string): boolean {
  return NAME.test(name);
}

/** The providers that the environment opens, and one line for each mistake. */
export function readProviders(environment: Environment): {
  readonly providers: ReadonlyArray<ProviderConfig>;
  readonly mistakes: ReadonlyArray<string>;
} {
  const mistakes: Array<string> = [];
  const byKey = new Map<string, Partial<Record<Member, string>>>();
  for (const [name, value] of Object.entries(environment)) {
    const [, key = "", member = ""] = NAME.exec(name) ?? [];
    if (key === "" || value === undefined || value === "") continue;
    const { is, wanted } = MEMBERS[member as Member];
    const shown = member === "CLIENT_SECRET" ? "(value not shown)" : JSON.stringify(value);
    if (!is(value)) mistakes.push(`Cannot use ${name} ${shown}: expected ${wanted}`);
    byKey.set(key, { ...byKey.get(key), [member]: value });
  }
  const providers: Array<ProviderConfig> = [];
  for (const [key, told] of byKey) {
    const { ISSUER: issuer, CLIENT_ID: clientId, CLIENT_SECRET: secret, NAME: name } = told;
    const id = key.toLowerCase().replaceAll("_", "-");
    const prefix = `AUTHLEDGER_OIDC_${key}`;
    for (const member of ["ISSUER", "CLIENT_ID"] as const) {
      if (told[member] !== undefined) continue;
      mistakes.push(`Cannot open the provider "${id}": expected ${prefix}_${member} to be set`);
    }
    if (RESERVED.includes(id) || id.length > ID_MAX) {
      mistakes.push(`Cannot open the provider "${id}": expected another id`);
    }
    if (issuer === undefined || clientId === undefined) continue;
    providers.push({
      id,
      name: name ?? new URL(safe(issuer)).host,
      issuer,
      clientId,
      clientSecret: secret === undefined ? undefined : Redacted.make(secret),
      scopes: told.SCOPES === undefined ? SCOPES_DEFAULT : scopesOf(told.SCOPES),
    });
  }
  return { providers, mistakes };
}
const RESERVED = ["password", "configured"];
const ID_MAX = 64;

function scopesOf(value: string): ReadonlyArray<string> {
  return [...new Set(value.split(" ").filter((scope) => scope !== ""))];
}

/** A wrong one is a mistake already; it must not throw on the way to being said. */
function safe(issuer: string): string {
  return URL.canParse(issuer) ? issuer : "https://invalid";
}

function matches(pattern: RegExp): (value: string) => boolean {
  return (value) => pattern.test(value);
}
