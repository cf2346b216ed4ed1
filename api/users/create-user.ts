import * as Effect from "effect/Effect";
import { z } from "zod";
import type { Claim } from "../../adapters/ports/ledger.ts";
import { RegisteredClients } from "../../adapters/ports/registered-clients.ts";
import type { Call } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { scopedRoute } from "../http/route.ts";
import { Id, text } from "../http/schemas.ts";
import { mailIsOpen } from "../mail/mail-is-open.ts";
import { requestMail } from "../mail/request-mail.ts";
import { definedAmong } from "../roles/defined-roles.ts";
import { ADMIN } from "../session/gate.ts";
import { emailClaim, usernameClaim } from "../sign-up/claims.ts";
import { EmailAddress } from "../sign-up/email-address.ts";
import { NAME_MAX } from "../sign-up/sign-up.ts";
import { normaliseUsername, Username } from "../sign-up/username.ts";
import { commandUser } from "./command-user.ts";
import { dataKeyOf } from "./data-key.ts";
import { settled } from "./settled.ts";
import { showUser } from "./show-user.ts";
import { administration } from "./standing.ts";
import { UserAnswer } from "./user-view.ts";

/** More roles than there are is a mistake. */
const ROLES_MAX = 100;

const Body = z.strictObject({
  email: EmailAddress.exactOptional(),
  username: Username.exactOptional(),
  name: text(NAME_MAX).exactOptional(),
  roles: z.array(z.string().min(1).max(64)).min(1).max(ROLES_MAX).exactOptional(),
  emailVerified: z.boolean().exactOptional(),
  id: Id.exactOptional(),
  invite: z.boolean().exactOptional(),
});
type Body = z.output<typeof Body>;

export const createUser = scopedRoute({
  method: "POST",
  path: "/v1/users",
  summary: "Make an account for somebody; they set a password by a mail that `invite` sends",
  auth: ADMIN,
  scope: "users:create",
  ownPersonOnly: true,
  body: Body,
  responses: { 201: { description: "Created", schema: UserAnswer } },
  problems: {
    400: ["unknown_role", "use_architects"],
    409: [
      "already_exists",
      "email_taken",
      "username_taken",
      "erased",
      "not_a_guest",
      "mail_closed",
    ],
  },
  handler: (call) =>
    Effect.gen(function* () {
      const { email, username, invite = false } = call.body;
      if (email === undefined && username === undefined) {
        return yield* refuse(400, "invalid_field", { field: "email" });
      }
      if (invite && email === undefined) {
        return yield* refuse(400, "invalid_field", { field: "invite" });
      }
      if (invite && !mailIsOpen(call.settings)) return yield* refuse(409, "mail_closed");
      const userId = call.body.id ?? crypto.randomUUID();
      // Tokens name people and machines alike: one id is not both.
      const client = yield* (yield* RegisteredClients).get(userId);
      if (client !== undefined) return yield* refuse(409, "already_exists");
      const position = yield* created(call, userId);
      if (invite) yield* requestMail(call, { purpose: "set-password", userId });
      const user = yield* showUser(userId, position);
      return { status: 201, body: { user }, position };
    }),
});

const created = (call: Call<unknown, unknown, Body>, userId: string) =>
  Effect.gen(function* () {
    const { email, username, name, roles = ["user"], emailVerified = false } = call.body;
    const { by } = yield* administration(call.caller, userId);
    // Whoever vouches for an address lets its reader in everywhere: not for an administrator to do.
    if (emailVerified && by.rank !== "architect") {
      return yield* refuse(403, "forbidden", { requires: "architect" });
    }
    if (emailVerified && email === undefined) {
      return yield* refuse(400, "invalid_field", { field: "emailVerified" });
    }
    const plain = username === undefined ? undefined : normaliseUsername(username);
    const take: ReadonlyArray<Claim> = [
      ...(email === undefined ? [] : [{ ...(yield* emailClaim(email)), owner: userId }]),
      ...(plain === undefined ? [] : [{ ...(yield* usernameClaim(plain)), owner: userId }]),
    ];
    const { key, create } = yield* dataKeyOf(userId);
    const seal = (field: string, value: string) => key.seal("identity", `user.${field}`, value);
    const { outcome, position } = yield* commandUser(call, {
      userId,
      actorId: by.id,
      command: {
        type: "CreateUser",
        by,
        roles,
        defined: yield* definedAmong(roles),
        emailVerified,
        ...(email === undefined ? {} : { email: seal("email", email) }),
        ...(username === undefined ? {} : { username: seal("username", username) }),
        ...(name === undefined ? {} : { name: seal("name", name) }),
      },
      along: () => ({ claims: { take }, dataKeys: { create } }),
    }).pipe(
      Effect.catchTag("ClaimTaken", ({ kind }) => refuse(409, `${kind}_taken`)),
      // The id was somebody's who has been erased.
      Effect.catchTag("OwnerDestroyed", () => refuse(409, "erased")),
    );
    yield* settled(outcome);
    return position;
  });
