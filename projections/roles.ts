import type { ArchitectsEvent } from "../domain/architects/mod.ts";
import type { UserEvent } from "../domain/user/mod.ts";
import type { Projection, Recorded } from "./projection.ts";

/** One role that one user holds, and who gave it. */
export type RoleRow = {
  readonly userId: string;
  readonly role: string;
  readonly grantedAt: string;
  readonly grantedBy: string;
  /** Of the event that granted it. */
  readonly position: number;
};

export type RolesEvent =
  | ArchitectsEvent
  | Extract<
      UserEvent,
      {
        readonly type:
          | "UserSignedUp"
          | "UserCreated"
          | "GuestAdmitted"
          | "GuestPromoted"
          | "RoleGranted"
          | "RoleRevoked"
          | "UserErased"
          | "GuestLeft"
          | "GuestEvicted"
          | "IdentityMerged";
      }
    >;

/** Answers "who holds this role, since when, by whose hand?". */
export const roles: Projection<RoleRow, RolesEvent> = {
  name: "roles",
  version: 1,
  ledger: "identity",
  handles: [
    "UserSignedUp",
    "UserCreated",
    "GuestAdmitted",
    "GuestPromoted",
    "RoleGranted",
    "RoleRevoked",
    "UserErased",
    "GuestLeft",
    "GuestEvicted",
    "IdentityMerged",
    "ArchitectAppointed",
    "ArchitectDismissed",
  ],
  keys: (event) => {
    const { userId, granted, revoked } = movesOf(event);
    return [...new Set([...revoked, ...granted])].map((role) => `${userId}:${role}`);
  },
  evolve: (row, event, key) => {
    const { userId, granted } = movesOf(event);
    const role = key.slice(userId.length + 1);
    if (!granted.includes(role)) return undefined;
    const { at, actor, position } = event;
    return row ?? { userId, role, grantedAt: at, grantedBy: actor, position };
  },
  index: (row) => ({ sort: row.grantedAt, tags: [`user:${row.userId}`, `role:${row.role}`] }),
};

type Moves = {
  readonly userId: string;
  readonly granted: ReadonlyArray<string>;
  readonly revoked: ReadonlyArray<string>;
};

/** Which roles an event gives to whom, and which it takes. */
function movesOf(event: Recorded<RolesEvent>): Moves {
  const none: Moves = { userId: event.subject, granted: [], revoked: [] };
  switch (event.type) {
    case "UserSignedUp":
    case "UserCreated":
      return { ...none, granted: event.roles };
    case "GuestAdmitted":
      return { ...none, granted: ["guest"] };
    case "GuestPromoted":
      return { ...none, granted: ["user"], revoked: ["guest"] };
    case "RoleGranted":
      return { ...none, granted: [event.role] };
    case "RoleRevoked":
      return { ...none, revoked: [event.role] };
    case "UserErased":
    case "GuestLeft":
    case "GuestEvicted":
    case "IdentityMerged":
      return { ...none, revoked: event.roles };
    case "ArchitectAppointed":
      return { ...none, userId: event.userId, granted: ["architect"] };
    case "ArchitectDismissed":
      return { ...none, userId: event.userId, revoked: ["architect"] };
    default:
      event satisfies never;
      return none;
  }
}
