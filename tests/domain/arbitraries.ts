import fc from "fast-check";
import type { ArchitectsCommand } from "../../domain/architects/mod.ts";
import type { InvitationCommand } from "../../domain/invitation/mod.ts";
import type { LedgerCommand } from "../../domain/ledger/mod.ts";
import type { RoleCommand } from "../../domain/role/mod.ts";
import type { Sealed } from "../../domain/sealed.ts";
import type { StoreCommand } from "../../domain/store/mod.ts";
import type { Tuple, TuplesCommand } from "../../domain/tuples/mod.ts";
import { ROLES, type UserCommand } from "../../domain/user/mod.ts";
import type { VaultReference } from "../../domain/vault-reference.ts";

/**
 * Small pools, so that commands meet: the interesting sequences repeat and contradict each other.
 */
const ids = [
  "0b6f4c1e-6d0a-4c53-9a0f-6f7a3f2f5c11",
  "5f1c2a34-9f59-4f0e-8f3d-2f6f0b7f9d20",
] as const;
const stranger = "9e2b7c7a-3a55-4b1c-8a5e-1d2c3b4a5968";
export const id = fc.constantFrom(...ids);

const nonces = ["q8Zb3m0Tn2Yx5v1A", "AAAAAAAAAAAAAAAA"];
export const sealed: fc.Arbitrary<Sealed> = fc.record({
  owner: fc.constantFrom(...ids.map((of) => `user:${of}` as const)),
  generation: fc.constantFrom(1, 2),
  nonce: fc.constantFrom(...nonces),
  ct: fc.constant("Zm9yIHRoZSBjYXRhbG9ndWUgb25seQ"),
});

export const reference: fc.Arbitrary<VaultReference> = fc.record({
  id: fc.constantFrom("password:1", "password:2"),
  digest: fc.constantFrom("a".repeat(64), "0".repeat(64)),
});

export const time = fc.constantFrom("2026-11-21T03:38:57.000Z", "2027-01-01T00:00:00.000Z");

const by = fc.record({
  id: fc.constantFrom(...ids, stranger),
  rank: fc.constantFrom("architect", "admin", "other"),
});
const target = fc.record({ id: fc.constant(ids[0]), architect: fc.boolean() });
const role = fc.constantFrom(...Object.keys(ROLES), "pirate", "toString", "__proto__");

const held = { accountId: id, password: reference };
const defined = fc.constantFrom([], ["pirate"]);
const enrolment = {
  email: sealed,
  name: sealed,
  credential: fc.record(held),
  verified: fc.constant(true as const),
  roles: fc.array(fc.constantFrom("buyer", "manager"), { maxLength: 2 }),
};
const created = {
  email: sealed,
  username: sealed,
  name: sealed,
  roles: fc.array(role, { maxLength: 3 }),
  emailVerified: fc.boolean(),
  claimedAt: time,
  by,
};
const personal = fc.option(sealed, { nil: null });
const changes = fc.record(
  {
    name: personal,
    image: personal,
    locale: personal,
    timezone: personal,
    bio: personal,
    phone: personal,
    address: personal,
  },
  { requiredKeys: [] },
);

export const userCommand: fc.Arbitrary<UserCommand> = fc.oneof(
  fc.record(
    { type: fc.constant("SignUp" as const), ...enrolment },
    { requiredKeys: ["type", "email"] },
  ),
  fc.record(
    { type: fc.constant("CreateUser" as const), ...created },
    { requiredKeys: ["type", "roles", "emailVerified", "by"] },
  ),
  fc.record({ type: fc.constantFrom("AdmitGuest" as const, "LeaveAsGuest", "EvictGuest") }),
  fc.record(
    { type: fc.constant("PromoteGuest" as const), ...enrolment, session: id },
    { requiredKeys: ["type", "email"] },
  ),
  fc.record({ type: fc.constant("MergeGuest" as const), into: id }),
  fc.record(
    {
      type: fc.constant("VerifyEmail" as const),
      email: sealed,
      removePassword: fc.boolean(),
      unlink: fc.record({ except: id }, { requiredKeys: [] }),
      session: id,
    },
    { requiredKeys: ["type", "email", "removePassword"] },
  ),
  fc.record(
    { type: fc.constant("ReplaceEmail" as const), email: sealed, session: id },
    { requiredKeys: ["type", "email"] },
  ),
  fc.record(
    { type: fc.constant("ChooseUsername" as const), username: sealed, session: id },
    { requiredKeys: ["type", "username"] },
  ),
  fc.record(
    { type: fc.constant("EnrollPassword" as const), ...held, session: id },
    { requiredKeys: ["type", "accountId", "password"] },
  ),
  fc.record(
    {
      type: fc.constant("ReplacePassword" as const),
      password: reference,
      proved: reference,
      session: id,
    },
    { requiredKeys: ["type", "password"] },
  ),
  fc.record({
    type: fc.constant("RehashPassword" as const),
    proved: reference,
    password: reference,
  }),
  fc.record(
    {
      type: fc.constant("LinkProvider" as const),
      accountId: id,
      provider: fc.constantFrom("google", "github"),
      providerSubject: sealed,
      claimedAt: time,
    },
    { requiredKeys: ["type", "accountId", "provider", "providerSubject"] },
  ),
  fc.record(
    {
      type: fc.constant("UnlinkProvider" as const),
      accountId: id,
      doors: fc.record({
        mail: fc.boolean(),
        providers: fc.subarray(["google", "github"]),
      }),
      seen: fc.array(id, { maxLength: 3 }),
      session: id,
    },
    { requiredKeys: ["type", "accountId", "doors", "seen"] },
  ),
  fc.record({
    type: fc.constant("FillProfile" as const),
    values: fc.record({ name: sealed, image: sealed }, { requiredKeys: [] }),
  }),
  fc.record({ type: fc.constant("ReviseProfile" as const), changes, by, target }),
  fc.record(
    { type: fc.constantFrom("GrantRole" as const, "RevokeRole"), role, by, target, defined },
    { requiredKeys: ["type", "role", "by", "target"] },
  ),
  fc.record({
    type: fc.constant("PutRoles" as const),
    roles: fc.array(role, { maxLength: 4 }),
    by,
    target,
  }),
  fc.record(
    { type: fc.constant("Block" as const), reason: sealed, until: time, by, target },
    { requiredKeys: ["type", "by", "target"] },
  ),
  fc.record({ type: fc.constantFrom("Unblock" as const, "Erase"), by, target }),
);

const architect = fc.constantFrom("ada", "bob", "eve");
export const architectsCommand: fc.Arbitrary<ArchitectsCommand> = fc.oneof(
  fc.record({
    type: fc.constantFrom("ClaimServer" as const, "AppointByOperator"),
    userId: architect,
  }),
  fc.record({
    type: fc.constantFrom("AppointArchitect" as const, "DismissArchitect"),
    userId: architect,
    by: architect,
  }),
  fc.record({ type: fc.constant("DismissUnfitArchitect" as const), userId: architect }),
);

export const roleCommand: fc.Arbitrary<RoleCommand> = fc.oneof(
  fc.record({
    type: fc.constant("DefineRole" as const),
    name: fc.constantFrom("pirate", "admin", "Pirate", ""),
    description: fc.constantFrom("Sails", "Sails and boards"),
    groups: fc.subarray(["account", "staff", "finance", "admin"] as const),
  }),
  fc.record({ type: fc.constant("RetireRole" as const) }),
);

const invited = sealed.map((value) => ({ ...value, owner: `invitation:${ids[0]}` as const }));
export const invitationCommand: fc.Arbitrary<InvitationCommand> = fc.oneof(
  fc.record(
    {
      type: fc.constant("IssueInvitation" as const),
      email: invited,
      roles: fc.array(fc.constantFrom("buyer", "pirate", "guest"), { maxLength: 2 }),
      expiresAt: time,
      defined,
    },
    { requiredKeys: ["type", "email", "roles", "expiresAt"] },
  ),
  fc.record({ type: fc.constant("AcceptInvitation" as const), userId: id, now: time }),
  fc.record({ type: fc.constant("WithdrawInvitation" as const), came: fc.boolean() }),
  fc.record({ type: fc.constant("LapseInvitation" as const), came: fc.boolean(), now: time }),
);

export const storeCommand: fc.Arbitrary<StoreCommand> = fc.record({
  type: fc.constant("CreateStore"),
  name: fc.oneof(fc.constantFrom("Documents", "Bills"), fc.string({ unit: "binary" })),
});

export const tuple: fc.Arbitrary<Tuple> = fc.record({
  object: fc.constantFrom("doc:a", "doc:b|c", "doc:a%7C", "folder:a"),
  relation: fc.constantFrom("viewer", "b|viewer"),
  subject: fc.constantFrom("user:1", "user:*", "group:eng#member", "auth0|7:x"),
});

export const tuplesCommand: fc.Arbitrary<TuplesCommand> = fc.record({
  type: fc.constant("WriteTuples"),
  writes: fc.array(tuple, { maxLength: 4 }),
  deletes: fc.array(tuple, { maxLength: 4 }),
  cause: fc.constantFrom("", "one", "two"),
});

const secretId = fc.constantFrom("4f1d2c3b5a697887", "0a1b2c3d4e5f6071");
const issuer = fc.constantFrom("http://localhost:4000", "https://id.example.org");
export const ledgerCommand: fc.Arbitrary<LedgerCommand> = fc.oneof(
  fc.record({
    type: fc.constant("FoundLedger" as const),
    ledgerId: id,
    issuer,
    origin: fc.constantFrom("localhost:4000/tlog", "id.example.org/tlog"),
    secretId,
  }),
  fc.record({ type: fc.constant("AdoptIssuer" as const), issuer }),
  fc.record({ type: fc.constant("RotateSecret" as const), secretId }),
);
