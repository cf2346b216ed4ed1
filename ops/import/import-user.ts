import * as Effect from "effect/Effect";
import { userCodec } from "../../adapters/codec/user.ts";
import { sha256 } from "../../adapters/crypto/hash.ts";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { Sealer, type SealingKey } from "../../adapters/ports/sealer.ts";
import { emailClaim, providerClaim, usernameClaim } from "../../api/sign-up/claims.ts";
import { normaliseUsername } from "../../api/sign-up/username.ts";
import { entryId } from "../../domain/ledger/derive.ts";
import { type By, type UserCommand, type UserEvent, user } from "../../domain/user/mod.ts";
import { usageError } from "../usage-error.ts";
import type { CheckedUser } from "./checked-user.ts";
import { type Derived, derivedAccountId, derivedId } from "./derived-id.ts";

/** Who runs a command on the host may do what an architect may. */
const OPERATOR: By = { id: "operator", rank: "architect" };

export type Importing = {
  readonly source: string;
  /** One for the whole run. */
  readonly correlation: string;
  readonly defined: ReadonlyArray<string>;
};

/** What became of one person; `taken` names what somebody else already has. */
export type Imported =
  | { readonly outcome: "imported"; readonly position: number }
  | { readonly outcome: "already" }
  | { readonly outcome: "taken"; readonly taken: string };

/**
 * Appends everything about one person at once, under a request id that comes from the source's: the
 * same person again appends nothing.
 */
export const importUser = Effect.fnUntraced(function* (person: CheckedUser, run: Importing) {
  const { source, correlation, defined } = run;
  const { userId, requestId } = derivedId(source, person.sourceId);
  const owner = `user:${userId}` as const;
  const sealer = yield* Sealer;
  const key = sealer.mint(owner);
  const vault =
    person.password === undefined
      ? undefined
      : sealer.enclose({
          ledger: "identity",
          id: `password:${requestId}`,
          kind: "password",
          owner,
          plaintext: new TextEncoder().encode(person.password),
        });
  const commands = commandsOf(person, { key, userId, requestId, defined, vault: vault?.reference });
  const events = decided(commands);
  if (events === undefined) {
    return yield* usageError(`Cannot import user ${person.sourceId}: its events were refused`);
  }
  const claims = yield* claimsOf(person);
  const append = (yield* Ledgers).identity.append({
    requestId,
    stream: `${user.category}-${userId}`,
    expect: "none",
    entries: events.map(userCodec.encode),
    meta: { actor: `import:${source}`, correlation },
    claims: { take: claims.map((claim) => ({ ...claim, owner: userId })) },
    ...(vault === undefined ? {} : { vault: { put: [vault.row] } }),
    dataKeys: { create: [key.row] },
  });
  return yield* append.pipe(
    Effect.map(
      ({ repeated, position }): Imported =>
        repeated ? { outcome: "already" } : { outcome: "imported", position },
    ),
    Effect.catchTags({
      ClaimTaken: ({ kind }) => Effect.succeed<Imported>({ outcome: "taken", taken: kind }),
      // They have more there than when they were imported, or were erased here since.
      RevisionConflict: () => standing({ userId, requestId }),
      OwnerDestroyed: () => standing({ userId, requestId }),
    }),
  );
});

/** Whether whoever has that id here is this very import. */
const standing = Effect.fnUntraced(function* ({ userId, requestId }: Derived) {
  const isImport = yield* wasImported({ userId, requestId });
  return isImport === true ? ALREADY : ID_TAKEN;
});
const ALREADY: Imported = { outcome: "already" };
const ID_TAKEN: Imported = { outcome: "taken", taken: "id" };

/** True: imported before. False: somebody else has that id. Undefined: nobody has. */
export const wasImported = Effect.fnUntraced(function* ({ userId, requestId }: Derived) {
  const { identity } = yield* Ledgers;
  const [first] = yield* identity.read({ stream: `${user.category}-${userId}`, limit: 1 });
  return first && first.id === entryId(sha256, requestId, 0);
});

/** The claims that a person needs. */
export const claimsOf = Effect.fnUntraced(function* (person: CheckedUser) {
  const { email, username, accounts } = person;
  const spelt = username === undefined ? undefined : normaliseUsername(username);
  return [
    ...(email === undefined ? [] : [yield* emailClaim(email)]),
    ...(spelt === undefined ? [] : [yield* usernameClaim(spelt)]),
    ...(yield* Effect.forEach(accounts, ({ provider, subject }) =>
      providerClaim(provider, subject),
    )),
  ];
});

type Sealing = {
  readonly key: SealingKey;
  readonly userId: string;
  readonly requestId: string;
  readonly defined: ReadonlyArray<string>;
  readonly vault: { readonly id: string; readonly digest: string } | undefined;
};

function commandsOf(person: CheckedUser, sealing: Sealing): ReadonlyArray<UserCommand> {
  const { key, userId, requestId, defined, vault } = sealing;
  const { email, username, name, image, phone, roles, emailVerified, claimedAt, block } = person;
  const by = OPERATOR;
  const target = { id: userId, architect: false };
  const sealed = (field: string, value: string | undefined) =>
    value === undefined ? {} : { [field]: key.seal("identity", `user.${field}`, value) };
  const changes = { ...sealed("image", image), ...sealed("phone", phone) };
  const since = claimedAt === undefined ? {} : { claimedAt };
  return [
    {
      type: "CreateUser",
      by,
      defined,
      ...sealed("email", email),
      ...sealed("username", username),
      ...sealed("name", name),
      roles,
      emailVerified,
      ...since,
    },
    ...(Object.keys(changes).length === 0
      ? []
      : [{ type: "ReviseProfile", by, target, changes } as const]),
    ...(vault === undefined
      ? []
      : [
          {
            type: "EnrollPassword",
            accountId: derivedAccountId(requestId, 0),
            password: vault,
          } as const,
        ]),
    ...person.accounts.map(
      ({ provider, subject }, at): UserCommand => ({
        type: "LinkProvider",
        accountId: derivedAccountId(requestId, at + 1),
        provider,
        providerSubject: key.seal("identity", "user.providerSubject", subject),
        ...since,
      }),
    ),
    ...(block === undefined
      ? []
      : [
          {
            type: "Block",
            by,
            target,
            ...sealed("reason", block.reason),
            ...(block.until === undefined ? {} : { until: block.until }),
          } as const,
        ]),
  ];
}

/** The events of all commands in order; undefined when one of them was refused. */
function decided(commands: ReadonlyArray<UserCommand>): ReadonlyArray<UserEvent> | undefined {
  let state = user.initial;
  const events: Array<UserEvent> = [];
  for (const command of commands) {
    const decision = user.decide(command, state);
    if (decision.events.length === 0) return undefined;
    events.push(...decision.events);
    state = decision.events.reduce(user.evolve, state);
  }
  return events;
}
