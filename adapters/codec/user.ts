import { z } from "zod";
import type { UserEvent } from "../../domain/user/mod.ts";
import { eventCodec } from "./event-codec.ts";
import { personal, structural, time, uuid, vaultReference } from "./field.ts";
import * as sample from "./samples.ts";

/** The name of a role, also one that an installation defines for itself. */
const role = structural(/^[a-z][a-z0-9_]{0,63}$/);

/** Roles that one user holds at most; there are 15 to begin with, and an entry has an end. */
const ROLES_MAX = 100;
/** Accounts that one user holds at most: a password and one per provider. */
const ACCOUNTS_MAX = 200;

const member = (field: string) => personal(`user.${field}`, "user");
const roles = (min: number) => z.array(role).min(min).max(ROLES_MAX);
/** The id of a provider, as in its configuration. */
const provider = structural(/^[a-z0-9][a-z0-9_-]{0,63}$/);
const session = uuid.exactOptional();
const revised = (field: string) => member(field).nullable().exactOptional();
const { sealed, accountId, sessionId, vaultReference: password } = sample;

/** People and guests. */
export const userCodec = eventCodec<UserEvent>(
  { category: "user", ledger: "identity" },
  {
    UserSignedUp: {
      data: z.strictObject({
        email: member("email").exactOptional(),
        name: member("name").exactOptional(),
        roles: roles(1),
      }),
      sample: { email: sealed, name: sealed, roles: ["user"] },
    },
    UserCreated: {
      data: z.strictObject({
        email: member("email").exactOptional(),
        username: member("username").exactOptional(),
        name: member("name").exactOptional(),
        roles: roles(1),
        emailVerified: z.boolean(),
        claimedAt: time.exactOptional(),
      }),
      sample: {
        email: sealed,
        username: sealed,
        name: sealed,
        roles: ["user", "buyer"],
        emailVerified: true,
        claimedAt: sample.time,
      },
    },
    GuestAdmitted: { data: z.strictObject({}), sample: {} },
    GuestPromoted: {
      data: z.strictObject({
        email: member("email").exactOptional(),
        name: member("name").exactOptional(),
        method: z.enum(["password", "magic-link", "provider"]),
        session,
      }),
      sample: { email: sealed, name: sealed, method: "password", session: sessionId },
    },
    EmailVerified: { data: z.strictObject({}), sample: {} },
    EmailReplaced: {
      data: z.strictObject({
        email: member("email"),
        previous: member("email").exactOptional(),
        session,
      }),
      sample: { email: sealed, previous: sealed, session: sessionId },
    },
    UsernameChosen: {
      data: z.strictObject({ username: member("username"), session }),
      sample: { username: sealed, session: sessionId },
    },
    PasswordEnrolled: {
      data: z.strictObject({ accountId: uuid, password: vaultReference, session }),
      sample: { accountId, password, session: sessionId },
    },
    PasswordReplaced: {
      data: z.strictObject({ accountId: uuid, password: vaultReference, session }),
      sample: { accountId, password, session: sessionId },
    },
    PasswordRemoved: {
      data: z.strictObject({ accountId: uuid, session }),
      sample: { accountId, session: sessionId },
    },
    PasswordRehashed: {
      data: z.strictObject({ accountId: uuid, password: vaultReference }),
      sample: { accountId, password },
    },
    ProviderLinked: {
      data: z.strictObject({
        accountId: uuid,
        provider,
        providerSubject: member("providerSubject"),
        claimedAt: time.exactOptional(),
      }),
      sample: { accountId, provider: "google", providerSubject: sealed, claimedAt: sample.time },
    },
    ProviderUnlinked: {
      data: z.strictObject({ accountId: uuid, provider, session }),
      sample: { accountId, provider: "google", session: sessionId },
    },
    RoleGranted: { data: z.strictObject({ role }), sample: { role: "support_manager" } },
    RoleRevoked: { data: z.strictObject({ role }), sample: { role: "support_manager" } },
    ProfileRevised: {
      data: z.strictObject({
        name: revised("name"),
        image: revised("image"),
        locale: revised("locale"),
        timezone: revised("timezone"),
        bio: revised("bio"),
        phone: revised("phone"),
        address: revised("address"),
      }),
      sample: { name: sealed, locale: sealed, phone: null },
    },
    UserBlocked: {
      data: z.strictObject({
        reason: member("reason").exactOptional(),
        until: time.exactOptional(),
      }),
      sample: { reason: sealed, until: sample.time },
    },
    UserUnblocked: { data: z.strictObject({}), sample: {} },
    UserErased: {
      data: z.strictObject({
        accounts: z.array(uuid).max(ACCOUNTS_MAX),
        roles: roles(0),
      }),
      sample: { accounts: [accountId], roles: ["user"] },
    },
    GuestLeft: { data: z.strictObject({ roles: roles(1) }), sample: { roles: ["guest"] } },
    GuestEvicted: { data: z.strictObject({ roles: roles(1) }), sample: { roles: ["guest"] } },
    IdentityMerged: {
      data: z.strictObject({ into: uuid, roles: roles(1) }),
      sample: { into: sample.userId, roles: ["guest"] },
    },
  },
);
