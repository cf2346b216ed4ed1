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
const revised = (field: string) => member(field).nullable().exactOptional();
const { sealed, accountId, sessionId, vaultReference: password } = sample;

/** People and guests. */
export const userCodec = eventCodec<UserEvent>(
  { category: "user", ledger: "identity" },
  {
    UserSignedUp: {
      data: z.strictObject({
        email: member("email"),
        name: member("name").exactOptional(),
        roles: z.array(role).min(1).max(ROLES_MAX),
      }),
      sample: { email: sealed, name: sealed, roles: ["user"] },
    },
    GuestAdmitted: { data: z.strictObject({}), sample: {} },
    GuestPromoted: {
      data: z.strictObject({
        email: member("email"),
        name: member("name").exactOptional(),
        method: z.enum(["password"]),
        session: uuid.exactOptional(),
      }),
      sample: { email: sealed, name: sealed, method: "password", session: sessionId },
    },
    PasswordEnrolled: {
      data: z.strictObject({ accountId: uuid, password: vaultReference }),
      sample: { accountId, password },
    },
    PasswordReplaced: {
      data: z.strictObject({
        accountId: uuid,
        password: vaultReference,
        session: uuid.exactOptional(),
      }),
      sample: { accountId, password, session: sessionId },
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
        roles: z.array(role).max(ROLES_MAX),
      }),
      sample: { accounts: [accountId], roles: ["user"] },
    },
  },
);
