import type { ArchitectsEvent } from "../domain/architects/mod.ts";
import type { Sealed } from "../domain/sealed.ts";
import { type Profile, revised, type UserEvent } from "../domain/user/mod.ts";
import type { Projection, Recorded } from "./projection.ts";

/** A person or guest as they are now. `roles` are the `user` stream's; see `effectiveRoles`. */
export type UserRow = Profile & {
  readonly id: string;
  readonly email?: Sealed;
  readonly emailVerified: boolean;
  readonly username?: Sealed;
  readonly roles: ReadonlyArray<string>;
  readonly architect: boolean;
  /** Blocked until `blockedUntil`, if there is one: `isBlockedAt` says whether it still holds. */
  readonly status: "active" | "blocked" | "erased";
  readonly blockedUntil?: string;
  readonly guest: boolean;
  /** Whether a password signs this user in. */
  readonly password: boolean;
  /** Who a guest turned out to be: that id answers for this one. */
  readonly mergedInto?: string;
  /** Since when the source of an import says that they exist. */
  readonly claimedAt?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type UsersEvent = UserEvent | ArchitectsEvent;

/**
 * An architect's roles are exactly that one; a dismissed one has again what the `user` stream says.
 */
export function effectiveRoles(row: Pick<UserRow, "roles" | "architect">): ReadonlyArray<string> {
  return row.architect ? ["architect"] : row.roles;
}

/** Answers "who is this, and what may they?". */
export const users: Projection<UserRow, UsersEvent> = {
  name: "users",
  version: 1,
  ledger: "identity",
  gates: true,
  handles: [
    "UserSignedUp",
    "UserCreated",
    "GuestAdmitted",
    "GuestPromoted",
    "EmailVerified",
    "EmailReplaced",
    "UsernameChosen",
    "PasswordEnrolled",
    "PasswordReplaced",
    "PasswordRemoved",
    "PasswordRehashed",
    "ProviderLinked",
    "ProviderUnlinked",
    "RoleGranted",
    "RoleRevoked",
    "ProfileRevised",
    "UserBlocked",
    "UserUnblocked",
    "UserErased",
    "GuestLeft",
    "GuestEvicted",
    "IdentityMerged",
    "ArchitectAppointed",
    "ArchitectDismissed",
  ],
  keys: (event) => [isArchitects(event) ? event.userId : event.subject],
  evolve: (row, event) => {
    switch (event.type) {
      case "UserSignedUp": {
        const { email, name, roles } = event;
        const told = { ...(email && { email }), ...(name && { name }) };
        return { ...created(event), ...told, roles };
      }
      case "UserCreated": {
        const { email, username, name, roles, emailVerified, claimedAt } = event;
        const told = {
          ...(email && { email }),
          ...(username && { username }),
          ...(name && { name }),
          ...(claimedAt !== undefined && { claimedAt }),
        };
        return { ...created(event), ...told, emailVerified, roles };
      }
      case "GuestAdmitted":
        return { ...created(event), guest: true, roles: ["guest"] };
      default:
        // Nothing follows an erasure, and a stream begins with one of those above.
        if (row === undefined || row.status === "erased") return row;
        return { ...changed(row, event), updatedAt: event.at };
    }
  },
  index: (row) => ({
    sort: row.createdAt,
    tags: [
      ...effectiveRoles(row).map((role) => `role:${role}`),
      `status:${row.status}`,
      ...(row.guest ? ["guest:true"] : []),
    ],
  }),
};

type Beginning = "UserSignedUp" | "UserCreated" | "GuestAdmitted";
type Change = Exclude<UsersEvent, { readonly type: Beginning }>;

function created({ subject, at }: Recorded<UsersEvent>): UserRow {
  return {
    id: subject,
    emailVerified: false,
    roles: [],
    architect: false,
    status: "active",
    guest: false,
    password: false,
    createdAt: at,
    updatedAt: at,
  };
}

function changed(row: UserRow, event: Recorded<Change>): UserRow {
  switch (event.type) {
    case "GuestPromoted": {
      const { email, name } = event;
      const roles = [...without(row.roles, "guest"), "user"];
      const told = { ...(email && { email }), ...(name && { name }) };
      return { ...row, ...told, guest: false, roles };
    }
    case "EmailVerified":
      return { ...row, emailVerified: true };
    case "EmailReplaced":
      return { ...row, email: event.email, emailVerified: true };
    case "UsernameChosen":
      return { ...row, username: event.username };
    case "PasswordEnrolled":
    case "PasswordReplaced":
      return { ...row, password: true };
    case "PasswordRemoved":
      return { ...row, password: false };
    case "PasswordRehashed":
    case "ProviderLinked":
    case "ProviderUnlinked":
      return row;
    case "RoleGranted":
      return { ...row, roles: [...without(row.roles, event.role), event.role] };
    case "RoleRevoked":
      return { ...row, roles: without(row.roles, event.role) };
    case "ProfileRevised":
      return revised(row, profileChanges(event));
    case "UserBlocked": {
      const { until } = event;
      const blocked = { ...unblocked(row), status: "blocked" } as const;
      return until === undefined ? blocked : { ...blocked, blockedUntil: until };
    }
    case "UserUnblocked":
      return unblocked(row);
    case "UserErased":
    case "GuestLeft":
    case "GuestEvicted":
      return erased(row);
    case "IdentityMerged":
      return { ...erased(row), mergedInto: event.into };
    case "ArchitectAppointed":
      return { ...row, architect: true };
    case "ArchitectDismissed":
      return { ...row, architect: false };
    default:
      event satisfies never;
      return row;
  }
}

/** An allow-list, so that no member of a later version slips into the row. */
function profileChanges(event: Extract<UserEvent, { readonly type: "ProfileRevised" }>) {
  const { name, image, locale, timezone, bio, phone, address } = event;
  const all = { name, image, locale, timezone, bio, phone, address };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function unblocked({ blockedUntil: _, ...row }: UserRow): UserRow {
  return { ...row, status: "active" };
}

/** What an erasure leaves: that there was somebody, and when. */
function erased({ id, createdAt, updatedAt }: UserRow): UserRow {
  return {
    id,
    emailVerified: false,
    roles: [],
    architect: false,
    status: "erased",
    guest: false,
    password: false,
    createdAt,
    updatedAt,
  };
}

function isArchitects(event: UsersEvent): event is ArchitectsEvent {
  return event.type === "ArchitectAppointed" || event.type === "ArchitectDismissed";
}

function without(roles: ReadonlyArray<string>, role: string): ReadonlyArray<string> {
  return roles.filter((held) => held !== role);
}
