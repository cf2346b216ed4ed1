import type { Json, JsonObject } from "../../domain/json.ts";
import { packageVersion } from "../package-version.ts";

/** Source: schema.ocsf.io/1.6.0, category Identity & Access Management (3). */
const VERSION = "1.6.0";
const CATEGORY = 3;

const ACCOUNT_CHANGE = 3001;
const AUTHENTICATION = 3002;
const USER_ACCESS = 3005;
const ENTITY_MANAGEMENT = 3004;

const INFORMATIONAL = 1;
const SUCCESS = 1;
const FAILURE = 2;
/** Whatever a class has no number for. */
const OTHER = 99;

const CLASS_NAMES: Readonly<Record<number, string>> = {
  [ACCOUNT_CHANGE]: "Account Change",
  [AUTHENTICATION]: "Authentication",
  [ENTITY_MANAGEMENT]: "Entity Management",
  [USER_ACCESS]: "User Access Management",
};

type Kind = {
  readonly class: number;
  readonly activity: number;
  readonly name: string;
  readonly failed?: true;
};

const account = (activity: number, name: string): Kind => ({
  class: ACCOUNT_CHANGE,
  activity,
  name,
});
const access = (activity: number, name: string): Kind => ({ class: USER_ACCESS, activity, name });
const authentication = (activity: number, name: string): Kind => ({
  class: AUTHENTICATION,
  activity,
  name,
});

/** What our events are in OCSF; every other one is a change of an entity. */
const KINDS: Readonly<Record<string, Kind>> = {
  UserSignedUp: account(1, "Create"),
  UserCreated: account(1, "Create"),
  GuestAdmitted: account(1, "Create"),
  UserUnblocked: account(2, "Enable"),
  PasswordEnrolled: account(OTHER, "Password Enrolled"),
  PasswordReplaced: account(3, "Password Change"),
  PasswordRehashed: account(OTHER, "Password Rehashed"),
  PasswordRemoved: account(OTHER, "Password Removed"),
  UserBlocked: account(5, "Disable"),
  UserErased: account(6, "Delete"),
  GuestLeft: account(6, "Delete"),
  GuestEvicted: account(6, "Delete"),
  IdentityMerged: account(6, "Delete"),
  GuestPromoted: account(OTHER, "Promote"),
  EmailVerified: account(OTHER, "E-mail Verified"),
  EmailReplaced: account(OTHER, "E-mail Replaced"),
  UsernameChosen: account(OTHER, "Username Chosen"),
  ProfileRevised: account(OTHER, "Profile Revised"),
  ProviderLinked: account(OTHER, "Provider Linked"),
  RoleGranted: access(1, "Assign Privileges"),
  ArchitectAppointed: access(1, "Assign Privileges"),
  RoleRevoked: access(2, "Revoke Privileges"),
  ArchitectDismissed: access(2, "Revoke Privileges"),
  SessionStarted: authentication(1, "Logon"),
  SessionEnded: authentication(2, "Logoff"),
  SessionElevated: authentication(OTHER, "Elevate"),
  CredentialExchanged: authentication(OTHER, "Exchange Credential"),
  SignInRejected: { ...authentication(1, "Logon"), failed: true },
  SignInThrottled: { ...authentication(1, "Logon"), failed: true },
};

/** One event view as an OCSF event of the category Identity & Access Management. */
export function ocsfEvent(view: JsonObject, issuer: string): JsonObject {
  const { id, type, stream, at, ledger, position, revision, correlation, leaf } = view;
  const named = String(type);
  const kind = KINDS[named] ?? entityKind(named);
  const { class: classUid, activity, name } = kind;
  const failed = kind.failed === true;
  return {
    category_uid: CATEGORY,
    category_name: "Identity & Access Management",
    class_uid: classUid,
    class_name: CLASS_NAMES[classUid] ?? "",
    type_uid: classUid * 100 + activity,
    activity_id: activity,
    activity_name: name,
    time: Date.parse(String(at)),
    severity_id: INFORMATIONAL,
    severity: "Informational",
    status_id: failed ? FAILURE : SUCCESS,
    status: failed ? "Failure" : "Success",
    message: named,
    actor: actorOf(view),
    ...subjectOf(classUid, view, issuer),
    metadata: {
      version: VERSION,
      uid: id,
      correlation_uid: correlation,
      log_name: ledger,
      sequence: position,
      product: { name: "Authledger", vendor_name: "Authledger", version: packageVersion() },
    },
    unmapped: { issuer, stream, revision, leaf, data: view["data"] },
  };
}

function entityKind(type: string): Kind {
  const created = /(?:Founded|Created|Defined|Issued|Published)$/.test(type);
  const removed = /(?:Retired|Removed|Withdrawn)$/.test(type);
  const activity = created ? 1 : removed ? 4 : 3;
  const name = created ? "Create" : removed ? "Delete" : "Update";
  return { class: ENTITY_MANAGEMENT, activity, name };
}

/** `user:<id>` is a person, everything else a program. */
function actorOf({ actor }: JsonObject): JsonObject {
  const [kind = "", ...rest] = String(actor).split(":");
  const uid = rest.join(":");
  return kind === "user"
    ? { user: { uid, type_id: 1 } }
    : { app_name: String(actor), app_uid: uid };
}

/** The members that each class requires beside those that all have. */
function subjectOf(classUid: number, view: JsonObject, issuer: string): JsonObject {
  const { data, stream } = view;
  const told = (data ?? {}) as { readonly [member: string]: Json | undefined };
  const own = String(stream).replace(/^[a-z-]+?-(?=[0-9a-f]{8}-|all$)/, "");
  const uid = typeof told["userId"] === "string" ? told["userId"] : own;
  const email = typeof told["email"] === "string" ? { email_addr: told["email"] } : {};
  const user = { uid, type_id: 1, ...email };
  switch (classUid) {
    case AUTHENTICATION:
      return {
        // Nobody knows whose name a stranger typed.
        user: typeof told["userId"] === "string" ? user : { name: "unknown", type_id: 0 },
        service: { name: "Authledger", uid: issuer },
        session: { uid: own },
        auth_protocol_id: OTHER,
        auth_protocol: String(told["method"] ?? "unknown"),
      };
    case USER_ACCESS:
      return { user, privileges: [String(told["role"] ?? "architect")] };
    case ENTITY_MANAGEMENT:
      return {
        entity: { uid: String(stream), name: String(stream), type: String(stream).split("-")[0] },
      };
    default:
      return { user };
  }
}
