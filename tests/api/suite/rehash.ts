import { randomUUID, scryptSync } from "node:crypto";
import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { userCodec } from "../../../adapters/codec/user.ts";
import { PasswordHash } from "../../../adapters/ports/password-hash.ts";
import { Sealer } from "../../../adapters/ports/sealer.ts";
import { Vault } from "../../../adapters/ports/vault.ts";
import { load, transact } from "../../../adapters/transact.ts";
import { invariant } from "../../../domain/invariant.ts";
import { user } from "../../../domain/user/mod.ts";
import type { Stage } from "../suite.ts";
import { PASSWORD } from "../world.ts";

const AT_ONCE = 20;

export function rehashTests({ here }: Stage): void {
  const signIn = (identifier: string, password = PASSWORD) =>
    here().ask("POST", "/v1/sign-in", { body: { identifier, password } });
  /** Somebody whose password came from elsewhere, as Better Auth would have hashed it. */
  const imported = async (name: string) => {
    const somebody = await here().person(name);
    const { session } = (await here().ask("GET", "/v1/session", somebody)).json;
    await here().run(replaceHash(somebody.id, session.id));
    return { ...somebody, stored: await here().run(storedOf(somebody.id)) };
  };
  const typesOf = async ({ cookie }: { readonly cookie: string | undefined }) => {
    const { items } = (await here().ask("GET", "/v1/me/history", { cookie })).json;
    return items.map(({ type }: { type: string }) => type);
  };

  test("an outdated hash is replaced by the sign-in that proves its password, once", async () => {
    const { id, email, stored } = await imported("imported");
    expect(stored.current).toBe(false);
    expect((await signIn(email, "a wrong password")).status).toBe(401);
    expect((await here().run(storedOf(id))).reference).toEqual(stored.reference);
    const heard = await signIn(email);
    expect(heard.status).toBe(200);
    const now = await here().run(storedOf(id));
    expect(now).toMatchObject({ current: true, phc: expect.stringMatching(/^\$argon2id\$/) });
    expect(await here().run(vaultRow(stored.reference.id))).toBeUndefined();
    expect((await signIn(email)).status).toBe(200);
    expect((await here().run(storedOf(id))).reference).toEqual(now.reference);
    const types = await typesOf(heard);
    expect(types.filter((type: string) => type === "PasswordRehashed")).toHaveLength(1);
  });

  test("a rehash ends no session", async () => {
    const { email, cookie } = await imported("elsewhere");
    const before = await signIn(email);
    for (const each of [cookie, before.cookie]) {
      expect((await here().ask("GET", "/v1/session", { cookie: each })).status).toBe(200);
    }
  });

  test("first sign-ins at once all get in, and one of them replaces the hash", async () => {
    const { email } = await imported("hasty");
    const heard = await Promise.all(Array.from({ length: AT_ONCE }, () => signIn(email)));
    expect(heard.map(({ status }) => status)).toEqual(Array(AT_ONCE).fill(200));
    const types = await typesOf({ cookie: heard[0]?.cookie });
    expect(types.filter((type: string) => type === "PasswordRehashed")).toHaveLength(1);
  });
}

const aggregate = { decider: user, codec: userCodec };

const replaceHash = (id: string, session: string) =>
  Effect.gen(function* () {
    const salt = "0123456789abcdef0123456789abcdef";
    const b64 = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "");
    // Little work: it is the way of an import that is looked at here.
    const key = scryptSync(PASSWORD, salt, 64, { N: 2, r: 1, p: 1 });
    const phc = `$scrypt$ln=1,r=1,p=1$${b64(Buffer.from(salt))}$${b64(key)}`;
    const { row, reference } = (yield* Sealer).enclose({
      ledger: "identity",
      id: `password:${randomUUID()}`,
      kind: "password",
      owner: `user:${id}`,
      plaintext: new TextEncoder().encode(phc),
    });
    yield* transact({
      ...aggregate,
      id,
      requestId: randomUUID(),
      command: { type: "ReplacePassword", password: reference, session },
      meta: { actor: "process:test", correlation: randomUUID() },
      along: (_events, { password }) => ({
        vault: { put: [row], remove: password === undefined ? [] : [password.id] },
      }),
    });
  });

const vaultRow = (id: string) => Effect.flatMap(Vault, ({ get }) => get(id));

/** Where a password is kept, its hash, and whether we would make it so today. */
const storedOf = (id: string) =>
  Effect.gen(function* () {
    const reference = (yield* load(aggregate, id)).state.password;
    invariant(reference !== undefined, "there is a password");
    const row = yield* vaultRow(reference.id);
    invariant(row !== undefined, "and its row");
    const phc = new TextDecoder().decode((yield* Sealer).disclose("identity", row, reference));
    return { reference, phc, current: (yield* PasswordHash).isCurrent(phc) };
  });
