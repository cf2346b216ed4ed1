import { normaliseEmail } from "../../api/sign-up/email-address.ts";
import { normaliseUsername } from "../../api/sign-up/username.ts";
import { isGrantable } from "../../domain/user/mod.ts";
import type { SourceAccount, SourceUser } from "./source-user.ts";

/** Characters; what our own routes take. */
const NAME_MAX = 200;
const IMAGE_MAX = 2_048;
const SHORT_MAX = 64;
const REASON_MAX = 500;
const SUBJECT_MAX = 1_000;
/** Accounts of one person, and roles; what the codec of their events takes. */
const ACCOUNTS_MAX = 100;
const ROLES_MAX = 100;

const PROVIDER = /^[a-z0-9][a-z0-9_-]{0,63}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g;

/** Why a person cannot be imported; a fixed word, never a value. */
export type Invalid = "no_way_in" | "invalid_email" | "invalid_account" | "architect_role";

/** A person as the ledger takes them. */
export type CheckedUser = {
  readonly sourceId: string;
  readonly email?: string;
  readonly emailVerified: boolean;
  /** As typed; claimed in its one spelling. */
  readonly username?: string;
  readonly name?: string;
  readonly image?: string;
  readonly phone?: string;
  readonly roles: ReadonlyArray<string>;
  readonly claimedAt?: string;
  readonly block?: { readonly reason?: string; readonly until?: string };
  /** In the form that we store. */
  readonly password?: string;
  readonly accounts: ReadonlyArray<SourceAccount>;
  /** What was left out, and is not needed to be somebody: fixed words. */
  readonly notes: ReadonlyArray<Note>;
};

export type Note =
  | "username_left_out"
  | "image_left_out"
  | "password_left_out"
  | "role_left_out"
  | "name_shortened";

export type Checking = {
  /** From the source's name of a role to ours. */
  readonly roles: ReadonlyMap<string, string>;
  /** Roles that this installation has defined. */
  readonly defined: ReadonlyArray<string>;
  /** A hash of the source in our stored form; undefined for one that cannot be verified. */
  readonly stored: (hash: string) => string | undefined;
  readonly now: Date;
};

/** What can be taken of a person, and what has to stay behind. */
export function checkedUser(source: SourceUser, checking: Checking): CheckedUser | Invalid {
  const notes: Array<Note> = [];
  const email = source.email === undefined ? undefined : normaliseEmail(source.email);
  if (source.email !== undefined && email === undefined) return "invalid_email";
  const accounts = distinct(source.accounts);
  if (accounts.length > ACCOUNTS_MAX || !accounts.every(isAccount)) return "invalid_account";
  const password = optional(source.passwordHash, checking.stored, () =>
    notes.push("password_left_out"),
  );
  const roles = rolesOf(source, checking, notes);
  if (roles.includes("architect")) return "architect_role";
  const username = optional(
    source.username,
    (typed) => (normaliseUsername(typed) === undefined ? undefined : typed),
    () => notes.push("username_left_out"),
  );
  const signsIn = email ?? (password === undefined ? undefined : username);
  if (signsIn === undefined && accounts.length === 0) return "no_way_in";
  const image = optional(source.image, imageOf, () => notes.push("image_left_out"));
  const name = lineOf(source.name, NAME_MAX);
  if (name !== undefined && name.length < (source.name ?? "").trim().length) {
    notes.push("name_shortened");
  }
  const phone = lineOf(source.phone, SHORT_MAX);
  const claimedAt = source.createdAt?.toISOString();
  const block = blockOf(source, checking.now);
  return {
    sourceId: source.id,
    ...(email === undefined ? {} : { email }),
    emailVerified: email !== undefined && source.emailVerified,
    ...(username === undefined ? {} : { username }),
    ...(name === undefined ? {} : { name }),
    ...(image === undefined ? {} : { image }),
    ...(phone === undefined ? {} : { phone }),
    roles,
    ...(claimedAt === undefined ? {} : { claimedAt }),
    ...(block === undefined ? {} : { block }),
    ...(password === undefined ? {} : { password }),
    accounts,
    notes,
  };
}

/** A role that is mapped, or that we have by the same name; everybody is at least a user. */
function rolesOf(source: SourceUser, checking: Checking, notes: Array<Note>) {
  const named = source.roles.flatMap((role) => {
    const ours = checking.roles.get(role) ?? role;
    if (ours === "architect" || isGrantable(ours, checking.defined)) return [ours];
    notes.push("role_left_out");
    return [];
  });
  const roles = [...new Set(named.filter((role) => role !== "guest"))].slice(0, ROLES_MAX);
  return roles.length === 0 ? ["user"] : roles;
}

function blockOf({ block }: SourceUser, now: Date): CheckedUser["block"] {
  if (block === undefined || (block.until !== undefined && block.until <= now)) return undefined;
  const reason = lineOf(block.reason, REASON_MAX);
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(block.until === undefined ? {} : { until: block.until.toISOString() }),
  };
}

function optional<A>(
  given: string | undefined,
  taken: (given: string) => A | undefined,
  leftOut: () => void,
): A | undefined {
  const value = given === undefined ? undefined : taken(given);
  if (given !== undefined && value === undefined) leftOut();
  return value;
}

function imageOf(written: string): string | undefined {
  if (written.length > IMAGE_MAX || !URL.canParse(written)) return undefined;
  return /^https?:$/.test(new URL(written).protocol) ? written : undefined;
}

/** One line of at most so many characters; undefined when nothing is left. */
function lineOf(text: string | undefined, charactersMax: number): string | undefined {
  const line = text?.replaceAll(CONTROL, " ").trim() ?? "";
  return line === "" ? undefined : [...line].slice(0, charactersMax).join("").toWellFormed();
}

function isAccount({ provider, subject }: SourceAccount): boolean {
  return PROVIDER.test(provider) && subject !== "" && subject.length <= SUBJECT_MAX;
}

function distinct(accounts: ReadonlyArray<SourceAccount>): ReadonlyArray<SourceAccount> {
  return [...new Map(accounts.map((each) => [`${each.provider} ${each.subject}`, each])).values()];
}
