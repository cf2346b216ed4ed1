import { randomBytes, randomUUID } from "node:crypto";
import { sessionCodec } from "../../adapters/codec/session.ts";
import { userCodec } from "../../adapters/codec/user.ts";
import type { Keyring } from "../../adapters/ports/keyring.ts";
import type { Append } from "../../adapters/ports/ledger.ts";
import type { Sealer, SealingKey } from "../../adapters/ports/sealer.ts";
import type { Meta } from "../../domain/ledger/entry.ts";
import { session } from "../../domain/session/mod.ts";
import { type UserCommand, user } from "../../domain/user/mod.ts";

/** An argon2id hash with its parameters and salt is about as long. */
const PASSWORD_HASH_BYTES = 97;
const SESSION_DIGEST_BYTES = 32;
const SESSION_MS = 30 * 24 * 60 * 60 * 1000;

/** What makes requests: keys of the ledger, and this month's key for origins. */
export type Press = {
  readonly sealer: Sealer["Service"];
  readonly keyring: Keyring["Service"];
  readonly originKey: SealingKey;
};

/** What one person does, in order; the decisions and the codecs are the server's. */
export type Person = {
  readonly userId: string;
  /** Signs up: 2 events, a claim, a vault row, a data key. */
  readonly signUp: Append;
  /** Later: the profile revised twice, and roles given, taken and given: 8 events. */
  readonly later: ReadonlyArray<Append>;
  /** In the activity ledger: 1 event and a vault row. */
  readonly session: Append;
};

/** Events in identity that one person makes. */
export const EVENTS_A_PERSON = 10;

export function personOf(press: Press): Person {
  const { sealer, keyring } = press;
  const userId = randomUUID();
  const owner = `user:${userId}` as const;
  const key = sealer.mint(owner);
  const email = `${userId}@example.org`;
  const seal = (field: string, text: string) => key.seal("identity", `user.${field}`, text);
  const password = sealer.enclose({
    ledger: "identity",
    id: `password:${randomUUID()}`,
    kind: "password",
    owner,
    plaintext: randomBytes(PASSWORD_HASH_BYTES),
  });
  const target = { id: userId, architect: false };
  const oneself = { by: { id: userId, rank: "other" }, target } as const;
  const architect = { by: { id: randomUUID(), rank: "architect" }, target } as const;
  let state = user.initial;
  let revision = -1;
  const request = (command: UserCommand): Append => {
    const { events } = user.decide(command, state);
    const expect = revision < 0 ? "none" : { exact: revision };
    state = events.reduce(user.evolve, state);
    revision += events.length;
    const meta = metaOf(press, userId, "identity");
    const entries = events.map(userCodec.encode);
    return { requestId: randomUUID(), stream: `user-${userId}`, expect, entries, meta };
  };
  const signUp = request({
    type: "SignUp",
    email: seal("email", email),
    name: seal("name", "Ada Lovelace"),
    credential: { accountId: randomUUID(), password: password.reference },
  });
  const putRoles = (...roles: ReadonlyArray<string>) =>
    request({ type: "PutRoles", roles, ...architect });
  const claim = { kind: "email", digest: keyring.claimDigest("email", email), owner: userId };
  return {
    userId,
    signUp: {
      ...signUp,
      claims: { take: [claim] },
      vault: { put: [password.row] },
      dataKeys: { create: [key.row] },
    },
    later: [
      request({
        type: "ReviseProfile",
        changes: { locale: seal("locale", "en-GB"), timezone: seal("timezone", "Europe/London") },
        ...oneself,
      }),
      putRoles("user", "buyer", "vip_user"),
      request({
        type: "ReviseProfile",
        changes: { bio: seal("bio", "Writes notes on engines that are not built yet.") },
        ...oneself,
      }),
      putRoles("user"),
      putRoles("user", "buyer", "vip_user"),
    ],
    session: sessionOf(press, userId),
  };
}

function sessionOf(press: Press, userId: string): Append {
  const id = randomUUID();
  const secret = press.sealer.enclose({
    ledger: "activity",
    id,
    kind: "session",
    owner: `user:${userId}`,
    plaintext: randomBytes(SESSION_DIGEST_BYTES),
  });
  const { events } = session.decide(
    {
      type: "StartSession",
      userId,
      method: "password",
      credential: secret.reference,
      expiresAt: new Date(Date.now() + SESSION_MS).toISOString(),
    },
    session.initial,
  );
  return {
    requestId: randomUUID(),
    stream: `session-${id}`,
    expect: "none",
    entries: events.map(sessionCodec.encode),
    meta: metaOf(press, userId, "activity"),
    vault: { put: [secret.row] },
  };
}

/** As a request over HTTP has it: the actor, our request id, and the sealed origin. */
export function metaOf(
  { originKey }: Pick<Press, "originKey">,
  userId: string,
  ledger: "identity" | "activity",
): Meta {
  const userAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";
  const plaintext = JSON.stringify({ ip: "203.0.113.7", userAgent });
  const origin = originKey.seal(ledger, "meta.origin", plaintext);
  return { actor: `user:${userId}`, correlation: randomUUID(), origin };
}
