import type { AnyEvent } from "../../adapters/codec/catalogue.ts";
import { codecs } from "../../adapters/codec/catalogue.ts";
import type { JsonObject } from "../../domain/json.ts";

/** An event whose personal values are opened, or say why they are not. */
type Shown = { readonly type: string; readonly data: JsonObject; readonly actor?: string };

/** Who brought people from elsewhere, as events have it. */
export const IMPORTER = "operator:import";

const TYPES = new Set(codecs.flatMap(({ shapes }) => shapes.map(({ type }) => type)));

/**
 * What happened, in one English sentence that a support person understands.
 *
 * Shape: `by` is who did it, when it was not the person that it is about. A type that this program
 * does not know is shown as it is.
 */
export function summaryOf({ type, data, actor }: Shown, by?: string): string {
  if (!TYPES.has(type)) return type;
  if (type === "UserCreated" && actor === IMPORTER) {
    return `Was imported${rolesIn(data)}${since(data)}.`;
  }
  const words = sentence(type as AnyEvent["type"], data);
  return by === undefined ? `${words}.` : `${words}, by ${by}.`;
}

function sentence(type: AnyEvent["type"], data: JsonObject): string {
  switch (type) {
    case "UserSignedUp":
      return `Signed up${withAddress(data["email"])}`;
    case "UserCreated":
      return `Account created${rolesIn(data)}${since(data)}`;
    case "GuestAdmitted":
      return "Came as a guest";
    case "GuestPromoted":
      return `Was a guest, and signed up${withAddress(data["email"])}`;
    case "EmailVerified":
      return "Proved that the e-mail address is theirs";
    case "EmailReplaced":
      return `Changed the e-mail address to ${text(data["email"])}${was(data["previous"])}`;
    case "UsernameChosen":
      return `Chose the username ${text(data["username"])}`;
    case "PasswordEnrolled":
      return "Set a password";
    case "PasswordReplaced":
      return "Changed the password";
    case "PasswordRemoved":
      return "Password removed: it had been set before the address was proved";
    case "PasswordRehashed":
      return "The stored password was brought to today's protection; it is the same password";
    case "ProviderLinked":
      return `Linked the account at ${text(data["provider"])}${since(data)}`;
    case "ProviderUnlinked":
      return `Unlinked the account at ${text(data["provider"])}`;
    case "RoleGranted":
      return `Given the role ${text(data["role"])}`;
    case "RoleRevoked":
      return `Lost the role ${text(data["role"])}`;
    case "ProfileRevised":
      return `Profile changed: ${revisedIn(data)}`;
    case "UserBlocked":
      return `Blocked${until(data["until"])}${because(data["reason"])}`;
    case "UserUnblocked":
      return "Unblocked";
    case "UserErased":
      return "Erased: everything personal is unreadable from here on";
    case "GuestLeft":
      return "Guest left, and was erased";
    case "GuestEvicted":
      return "Guest erased: unseen for longest, and others needed the room";
    case "IdentityMerged":
      return `Turned out to be the user ${text(data["into"])}; the guest was erased`;
    case "ArchitectAppointed":
      return data["first"] === true
        ? "Became the first architect, with the set-up token"
        : "Became an architect";
    case "ArchitectDismissed":
      return "Is an architect no more";
    case "RoleDefined":
      return `Role defined: ${text(data["description"])}`;
    case "RoleRetired":
      return "Role retired";
    case "InvitationIssued":
      return `Invited ${text(data["email"])}${rolesIn(data)}${until(data["expiresAt"])}`;
    case "InvitationAccepted":
      return "Invitation accepted";
    case "InvitationWithdrawn":
      return "Invitation withdrawn";
    case "InvitationLapsed":
      return "Invitation lapsed";
    case "SessionStarted":
      return `Session started by ${text(data["method"])}${device(data["device"])}`;
    case "SessionElevated":
      return "Proved again to be who they are";
    case "CredentialExchanged":
      return "Cookie exchanged";
    case "SessionEnded":
      return `Session ended: ${text(data["reason"])}`;
    case "SessionsRevoked":
      return data["except"] === undefined ? "Signed out everywhere" : "Signed out everywhere else";
    case "SignInRejected":
      return `Sign-in refused: ${text(data["reason"])}`;
    case "SignInThrottled":
      return `Too many tries of ${text(data["bucket"])}: slowed down`;
    case "MailRequested":
      return `Mail asked for: ${text(data["purpose"])}`;
    case "MailSent":
      return `Mail sent: ${text(data["template"])}`;
    case "MailFailed":
      return `Mail not sent: ${text(data["template"])}, ${text(data["code"])}`;
    case "MailLapsed":
      return "A mail's link was not used in time";
    case "PersonalDataOpened":
      return `Everything about them was opened: ${text(data["what"])}`;
    case "ArchitectLinkIssued":
      return `An operator issued a link that makes them an architect${until(data["expiresAt"])}`;
    case "GuestLimitsRevised":
      return `Guests limited to ${perHour(data)} per address and hour, ${text(data["max"])} in all`;
    case "LedgerFounded":
      return `Ledger founded for ${text(data["issuer"])}`;
    case "IssuerAdopted":
      return `The server's address is ${text(data["issuer"])} from here on`;
    case "SecretRotated":
      return "The server's secret was rotated";
    case "SigningKeyMinted":
      return `Signing key made: ${text(data["algorithm"])} ${text(data["kid"])}`;
    case "SigningKeyPublished":
      return `Signing key ${text(data["kid"])} published, to sign next`;
    case "SigningKeyActivated":
      return `Signing key ${text(data["kid"])} signs${until(data["rotatesAt"])}`;
    case "SigningKeyRetired":
      return `Signing key ${text(data["kid"])} retired: it verifies${until(data["withdrawnFrom"])}`;
    case "SigningKeyWithdrawn":
      return `Signing key ${text(data["kid"])} withdrawn: what it signed has expired`;
    case "SigningKeyCompromised":
      return `Signing key ${text(data["kid"])} compromised: it left the JWK Set`;
    case "ClientRegistered":
      return `Application registered: ${text(data["name"])}`;
    case "ClientRevised":
      return `Application revised: ${text(data["name"])}`;
    case "ClientSecretIssued":
      return "The application was given a secret";
    case "ClientSecretRevoked":
      return "A secret of the application was revoked";
    case "ClientDisabled":
      return "Application disabled: it gets no token";
    case "ClientEnabled":
      return "Application enabled";
    case "ClientRemoved":
      return "Application removed, with its secrets";
    case "RegistrationTokenIssued":
      return `Registration token issued, uses: ${text(data["uses"])}${until(data["expiresAt"])}`;
    case "RegistrationTokenUsed":
      return `Registration token used for the application ${text(data["clientId"])}`;
    case "RegistrationTokenRevoked":
      return "Registration token revoked";
    case "ResourceServerRegistered":
      return `API registered: ${text(data["name"])}, ${text(data["audience"])}`;
    case "ResourceServerRevised":
      return `API revised: ${text(data["name"])}`;
    case "ResourceServerRemoved":
      return "API removed: no token is issued for it";
    case "ProviderOpened":
      return `People may sign in with ${text(data["name"])}, ${text(data["issuer"])}`;
    case "ProviderRevised":
      return `Sign-in provider revised: ${text(data["name"])}`;
    case "ProviderClosed":
      return "Nobody signs in with this provider any more";
    case "ConsentGranted":
      return `Lets the application ${text(data["clientId"])} in${scopesIn(data)}`;
    case "ConsentWithdrawn":
      return "Lets the application in no more";
    case "RefreshFamilyOpened":
      return `The application ${text(data["clientId"])} may refresh${until(data["expiresAt"])}`;
    case "RefreshTokenReuseDetected":
      return "A refresh token that had been replaced was used: somebody else may have it";
    case "RefreshFamilyRevoked":
      return `Refresh tokens revoked: ${text(data["reason"])}`;
    case "RefreshTokenRotated":
      return "Refresh token replaced";
    case "TokenIssued":
      return `Token issued to ${text(data["clientId"])}${scopesIn(data)}`;
    case "TokenRefused":
      return `Token refused: ${text(data["error"])}`;
    case "TokenIntrospected":
      return `Token looked at by ${text(data["clientId"])}`;
    case "StoreCreated":
      return `Authorization store ${text(data["name"])} created`;
    case "TuplesWritten":
      return `Relationships: ${counted(data["writes"])} written, ${counted(data["deletes"])} gone`;
    default:
      return type satisfies never;
  }
}

function text(value: unknown): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (typeof value === "object" && value !== null && "erased" in value) return "(erased)";
  return "(sealed)";
}

function perHour({ perAddressPerHour }: JsonObject): string {
  return text(perAddressPerHour);
}

function rolesIn({ roles }: JsonObject): string {
  return Array.isArray(roles) && roles.length > 0 ? ` with the roles ${roles.join(", ")}` : "";
}

function scopesIn({ scopes }: JsonObject): string {
  return Array.isArray(scopes) && scopes.length > 0 ? ` with ${scopes.join(", ")}` : "";
}

function since({ claimedAt }: JsonObject): string {
  return typeof claimedAt === "string" ? `, known elsewhere since ${day(claimedAt)}` : "";
}

function withAddress(email: unknown): string {
  return email === undefined ? "" : ` with ${text(email)}`;
}

function was(previous: unknown): string {
  return previous === undefined ? "" : `, before it was ${text(previous)}`;
}

function until(value: unknown): string {
  return typeof value === "string" ? ` until ${day(value)}` : "";
}

function because(reason: unknown): string {
  return reason === undefined ? "" : `: ${text(reason)}`;
}

function device(value: unknown): string {
  return value === "new" ? " on a device not seen before" : "";
}

function revisedIn(data: JsonObject): string {
  return Object.entries(data)
    .map(([field, value]) => (value === null ? `${field} cleared` : `${field} ${text(value)}`))
    .join(", ");
}

function counted(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

/** `3 May 2027, 14:05 UTC`. */
function day(time: string): string {
  const options = { timeZone: "UTC", dateStyle: "long", timeStyle: "short" } as const;
  const at = new Date(time);
  return Number.isNaN(at.getTime())
    ? time
    : `${new Intl.DateTimeFormat("en-GB", options).format(at).replace(" at ", ", ")} UTC`;
}
