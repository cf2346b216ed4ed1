/** How far an account has come: no account, an account, the owner of the server. */
export type Tier = "guest" | "user" | "architect";

/** What a page or a proxy asks for when it does not ask for one role. */
export type RoleGroup = "account" | "staff" | "finance" | "admin";

export type RoleName =
  | "guest"
  | "user"
  | "buyer"
  | "vip_user"
  | "subscriber_lite"
  | "subscriber_standard"
  | "subscriber_max"
  | "manager"
  | "senior_manager"
  | "support_manager"
  | "delivery_manager"
  | "finance"
  | "content_editor"
  | "admin"
  | "auditor"
  | "architect";

export type Role = {
  readonly description: string;
  readonly tier: Tier;
  readonly groups: ReadonlyArray<RoleGroup>;
};

const of = (description: string, tier: Tier, ...groups: ReadonlyArray<RoleGroup>): Role => ({
  description,
  tier,
  groups,
});

/** The roles that every installation has. */
export const ROLES: { readonly [name in RoleName]: Role } = {
  guest: of("Tries the product without an account", "guest"),
  user: of("Has an account", "user", "account"),
  buyer: of("Has bought something", "user", "account"),
  vip_user: of("Has an account with privileges", "user", "account"),
  subscriber_lite: of("Subscribes to the small plan", "user", "account"),
  subscriber_standard: of("Subscribes to the standard plan", "user", "account"),
  subscriber_max: of("Subscribes to the largest plan", "user", "account"),
  manager: of("Runs daily business", "user", "staff"),
  senior_manager: of("Runs daily business and its managers", "user", "staff"),
  support_manager: of("Answers for support", "user", "staff"),
  delivery_manager: of("Answers for delivery", "user", "staff"),
  finance: of("Answers for money", "user", "finance"),
  content_editor: of("Edits what is published", "user", "staff"),
  admin: of("Administers users, sessions, clients and webhooks", "user", "admin"),
  auditor: of("Reads the ledger and histories, changes nothing", "user"),
  architect: of("Owns the server", "architect", "account", "staff", "finance", "admin"),
};

/**
 * Whether the name is a role that `user` streams hold: a built-in one, or one of `defined`.
 * `architect` has a stream of its own.
 */
export function isGrantable(role: string, defined: ReadonlyArray<string> = []): boolean {
  return role !== "architect" && (Object.hasOwn(ROLES, role) || defined.includes(role));
}

/** Only an architect grants or takes these. */
export const ARCHITECTS_ONLY: ReadonlySet<string> = new Set<RoleName>(["admin", "auditor"]);

/** Whether one of the roles is in the group. */
export function inGroup(roles: ReadonlyArray<string>, group: RoleGroup): boolean {
  return roles.some(
    (role) => Object.hasOwn(ROLES, role) && ROLES[role as RoleName].groups.includes(group),
  );
}
