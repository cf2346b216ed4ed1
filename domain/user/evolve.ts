import type { Sealed } from "../sealed.ts";
import type { VaultReference } from "../vault-reference.ts";
import type { ProfileChanges, ProfileField, UserEvent } from "./events.ts";

/** What a person told about themselves; a cleared field is absent. */
export type Profile = { readonly [field in ProfileField]?: Sealed };

/** An account at a provider that lets somebody in. */
export type Linked = {
  readonly accountId: string;
  readonly provider: string;
  readonly providerSubject: Sealed;
};

/**
 * One person or guest.
 *
 * Shape: `status` absent before the first event; `password` and `accountId` come together.
 * `blocked` holds until `until`, if there is one: whoever has a clock asks `isBlockedAt`.
 * `linked` are accounts at providers, in the order in which they were linked.
 */
export type User = Profile & {
  readonly exists: boolean;
  readonly status: "absent" | "active" | "blocked" | "erased";
  readonly guest: boolean;
  readonly roles: ReadonlyArray<string>;
  readonly email?: Sealed;
  readonly emailVerified: boolean;
  readonly username?: Sealed;
  readonly linked: ReadonlyArray<Linked>;
  /** How a guest's identity ended, if not by an erasure. */
  readonly ended?: "left" | "evicted" | "merged";
  readonly mergedInto?: string;
  readonly password?: VaultReference;
  readonly accountId?: string;
  readonly blockedUntil?: string;
  readonly blockedReason?: Sealed;
  /** Counts what ends sessions for cause: what was asked for in an earlier era is void. */
  readonly era: number;
};

export const initial: User = {
  exists: false,
  status: "absent",
  guest: false,
  roles: [],
  emailVerified: false,
  linked: [],
  era: 0,
};

/** What makes void whatever was asked for under what held before. */
const BEGINS_AN_ERA: ReadonlySet<UserEvent["type"]> = new Set([
  "EmailVerified",
  "EmailReplaced",
  "UsernameChosen",
  "PasswordEnrolled",
  "PasswordReplaced",
  "PasswordRemoved",
  "ProviderUnlinked",
  "UserBlocked",
]);

export function evolve(state: User, event: UserEvent): User {
  const next = after(state, event);
  return BEGINS_AN_ERA.has(event.type) ? { ...next, era: state.era + 1 } : next;
}

function after(state: User, event: UserEvent): User {
  switch (event.type) {
    case "UserSignedUp": {
      const { type: _, ...told } = event;
      return { ...state, ...told, exists: true, status: "active" };
    }
    case "UserCreated": {
      const { type: _, claimedAt: __, ...told } = event;
      return { ...state, ...told, exists: true, status: "active" };
    }
    case "GuestAdmitted":
      return { ...state, exists: true, status: "active", guest: true, roles: ["guest"] };
    case "GuestPromoted": {
      const { email, name } = event;
      const roles = [...without(state.roles, "guest"), "user"];
      const told = { ...(email && { email }), ...(name && { name }) };
      return { ...state, ...told, guest: false, roles };
    }
    case "EmailVerified":
      return { ...state, emailVerified: true };
    case "EmailReplaced":
      return { ...state, email: event.email, emailVerified: true };
    case "UsernameChosen":
      return { ...state, username: event.username };
    case "PasswordRemoved": {
      const { accountId: _, password: __, ...kept } = state;
      return kept;
    }
    case "ProviderLinked": {
      const { accountId, provider, providerSubject } = event;
      return { ...state, linked: [...state.linked, { accountId, provider, providerSubject }] };
    }
    case "ProviderUnlinked": {
      const linked = state.linked.filter(({ accountId }) => accountId !== event.accountId);
      return { ...state, linked };
    }
    case "PasswordEnrolled":
    case "PasswordReplaced":
    case "PasswordRehashed":
      return { ...state, accountId: event.accountId, password: event.password };
    case "RoleGranted":
      return { ...state, roles: [...without(state.roles, event.role), event.role] };
    case "RoleRevoked":
      return { ...state, roles: without(state.roles, event.role) };
    case "ProfileRevised": {
      const { type: _, ...changes } = event;
      return revised(state, changes);
    }
    case "UserBlocked": {
      const { reason, until } = event;
      return {
        ...unblocked(state),
        status: "blocked",
        ...(reason && { blockedReason: reason }),
        ...(until !== undefined && { blockedUntil: until }),
      };
    }
    case "UserUnblocked":
      return unblocked(state);
    case "UserErased":
      return ERASED;
    case "GuestLeft":
      return { ...ERASED, ended: "left" };
    case "GuestEvicted":
      return { ...ERASED, ended: "evicted" };
    case "IdentityMerged":
      return { ...ERASED, ended: "merged", mergedInto: event.into };
    default:
      event satisfies never;
      return state;
  }
}

const ERASED: User = { ...initial, exists: true, status: "erased" };

/** The profile after the changes; what is not named stays, `null` clears. */
export function revised<Of extends Profile>(profile: Of, changes: ProfileChanges): Of {
  const cleared = Object.entries(changes).flatMap(([field, value]) =>
    value === null ? [field] : [],
  );
  const merged = Object.entries({ ...profile, ...changes });
  return Object.fromEntries(merged.filter(([field]) => !cleared.includes(field))) as Of;
}

/** Whether a block holds at a time; both are RFC 3339 in UTC with milliseconds. */
export function isBlockedAt(
  user: { readonly status: string; readonly blockedUntil?: string },
  now: string,
): boolean {
  return user.status === "blocked" && (user.blockedUntil === undefined || now < user.blockedUntil);
}

function unblocked({ blockedUntil: _, blockedReason: __, ...state }: User): User {
  return { ...state, status: "active" };
}

function without(roles: ReadonlyArray<string>, role: string): ReadonlyArray<string> {
  return roles.filter((held) => held !== role);
}
