import { randomBytes, randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import { expect } from "vitest";
import { sha256Hex } from "../../adapters/crypto/hash.ts";
import { mintKey } from "../../adapters/crypto/sealing-key.ts";
import { Claims } from "../../adapters/ports/claims.ts";
import { DataKeys } from "../../adapters/ports/data-keys.ts";
import { Keyring } from "../../adapters/ports/keyring.ts";
import type { VaultRow } from "../../adapters/ports/ledger.ts";
import { Vault } from "../../adapters/ports/vault.ts";
import type { OwnerId } from "../../domain/sealed.ts";

import {
  append,
  type It,
  meta,
  newStream,
  revisionsOf,
  together,
  WRITERS,
} from "./ledger-requests.ts";

/** What changes in the same transaction as the entries: claims, vault rows and data keys. */
export function along(it: It): void {
  claims(it);
  contested(it);
  vault(it);
  dataKeys(it);
  erasures(it);
}

const digest = () => sha256Hex(randomUUID());
const take = (claim: string, owner: string) => ({
  claims: { take: [{ kind: "email", digest: claim, owner }] },
});
const ownerOf = (claim: string) =>
  Effect.flatMap(Effect.service(Claims), (service) => service.owner("email", claim));

const vaultRow = (): VaultRow => ({
  id: randomUUID(),
  kind: "password",
  owner: "user:ada",
  version: 1,
  ciphertext: new Uint8Array(randomBytes(60)),
});
const inVault = (id: string) => Effect.flatMap(Effect.service(Vault), (vault) => vault.get(id));
const keysOf = (owner: OwnerId) =>
  Effect.flatMap(Effect.service(DataKeys), (keys) => keys.load([owner]));
const mint = (owner: OwnerId) =>
  Effect.map(Effect.service(Keyring), (keyring) => mintKey(keyring, owner));
const newOwner = (): OwnerId => `user:${randomUUID()}`;

function claims(it: It): void {
  it("a claim taken has an owner at once and a second owner is refused", async (on) => {
    const claim = digest();
    await on(append(take(claim, "user:ada")));
    expect(await on(ownerOf(claim))).toBe("user:ada");
    const stream = newStream();
    const error = await on(Effect.flip(append({ stream, ...take(claim, "user:eve") })));
    expect(error).toMatchObject({ _tag: "ClaimTaken", kind: "email" });
    expect(await on(ownerOf(claim))).toBe("user:ada");
    expect(await on(revisionsOf(stream))).toEqual([]);
  });

  it("a claim may be taken again by its owner", async (on) => {
    const claim = digest();
    await on(append(take(claim, "user:ada")));
    await on(append(take(claim, "user:ada")));
    expect(await on(ownerOf(claim))).toBe("user:ada");
  });

  it("a claim of one kind leaves the same digest of another kind free", async (on) => {
    const claim = digest();
    await on(append(take(claim, "user:ada")));
    const other = { kind: "username", digest: claim, owner: "user:eve" };
    await on(append({ claims: { take: [other] } }));
    expect(await on(ownerOf(claim))).toBe("user:ada");
  });

  it("a claim given back may be taken by another owner", async (on) => {
    const claim = digest();
    await on(append(take(claim, "user:ada")));
    const release = [{ kind: "email", owner: "user:ada" }];
    await on(append({ claims: { release } }));
    expect(await on(ownerOf(claim))).toBeUndefined();
    await on(append(take(claim, "user:eve")));
    expect(await on(ownerOf(claim))).toBe("user:eve");
  });

  it("a claim in quarantine lets nobody in and is its last owner's alone", async (on) => {
    const claim = digest();
    const [ada, eve] = [`user:${randomUUID()}`, `user:${randomUUID()}`];
    await on(append(take(claim, ada)));
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const release = [{ kind: "email", owner: ada, quarantinedUntil: later }];
    const next = digest();
    await on(append({ claims: { release, ...take(next, ada).claims } }));
    expect(await on(ownerOf(claim))).toBeUndefined();
    expect(await on(ownerOf(next))).toBe(ada);
    const refused = await on(Effect.flip(append(take(claim, eve))));
    expect(refused).toMatchObject({ _tag: "ClaimTaken", kind: "email" });
    // Once more: the first quarantine stays as it is, the new address begins its own.
    await on(append({ claims: { release, ...take(claim, ada).claims } }));
    expect(await on(ownerOf(claim))).toBe(ada);
    expect(await on(ownerOf(next))).toBeUndefined();
    // An erasure gives back all of it at once.
    await on(append({ claims: { release: [{ kind: "email", owner: ada }] } }));
    await on(
      append({
        claims: { take: [claim, next].map((of) => ({ kind: "email", digest: of, owner: eve })) },
      }),
    );
    expect(await on(ownerOf(next))).toBe(eve);
  });

  it("a quarantine that is over lets anybody take the claim", async (on) => {
    const claim = digest();
    const [ada, eve] = [`user:${randomUUID()}`, `user:${randomUUID()}`];
    await on(append(take(claim, ada)));
    const past = new Date(Date.now() - 3_600_000).toISOString();
    await on(
      append({ claims: { release: [{ kind: "email", owner: ada, quarantinedUntil: past }] } }),
    );
    expect(await on(ownerOf(claim))).toBeUndefined();
    await on(append(take(claim, eve)));
    expect(await on(ownerOf(claim))).toBe(eve);
  });

  it("one request hands a claim over: one owner's release, another's take", async (on) => {
    const claim = digest();
    const [from, to] = [`user:${randomUUID()}`, `user:${randomUUID()}`];
    await on(append(take(claim, from)));
    const release = [{ kind: "email", owner: from }];
    await on(append({ claims: { release, ...take(claim, to).claims } }));
    expect(await on(ownerOf(claim))).toBe(to);
  });

  it("one request replaces a claim: released, then taken", async (on) => {
    const [old, next] = [digest(), digest()];
    const owner = `user:${randomUUID()}`;
    await on(append(take(old, owner)));
    const release = [{ kind: "email", owner }];
    await on(append({ claims: { release, ...take(next, owner).claims } }));
    expect(await on(ownerOf(old))).toBeUndefined();
    expect(await on(ownerOf(next))).toBe(owner);
  });
}

function contested(it: It): void {
  it("two at once with one claim: exactly one, and the loser alone is refused", async (on) => {
    const claim = digest();
    const streams = Array.from({ length: WRITERS }, newStream);
    const results = await on(
      together(WRITERS, (index) =>
        Effect.result(
          append({
            stream: streams[index] ?? "",
            ...(index % 4 === 0 ? take(claim, `user:${index}`) : take(digest(), `user:${index}`)),
          }),
        ),
      ),
    );
    const contenders = results.filter((_, index) => index % 4 === 0);
    expect(contenders.filter(({ _tag }) => _tag === "Success")).toHaveLength(1);
    expect(results.filter(({ _tag }) => _tag === "Success")).toHaveLength(WRITERS - 3);
    const winner = results.findIndex(({ _tag }, index) => index % 4 === 0 && _tag === "Success");
    expect(await on(ownerOf(claim))).toBe(`user:${winner}`);
    for (const [index, result] of results.entries()) {
      const kept = await on(revisionsOf(streams[index] ?? ""));
      expect(kept).toEqual(result._tag === "Success" ? [0] : []);
    }
  });

  it("claims can be read in pages, each once", async (on) => {
    for (let count = 0; count < 5; count++) await on(append(take(digest(), "user:pages")));
    const seen = await on(
      Effect.gen(function* () {
        const service = yield* Claims;
        const all: Array<string> = [];
        let after: { readonly kind: string; readonly digest: string } | undefined;
        for (;;) {
          const page = yield* service.page(after, 2);
          all.push(...page.map(({ kind, digest: held }) => `${kind} ${held}`));
          after = page.at(-1);
          if (page.length < 2) return all;
        }
      }),
    );
    expect(seen.length).toBeGreaterThanOrEqual(5);
    expect(seen).toEqual([...new Set(seen)].sort());
  });
}

function vault(it: It): void {
  it("a vault row is put and removed by appends", async (on) => {
    const row = vaultRow();
    await on(append({ vault: { put: [row] } }));
    const stored = await on(inVault(row.id));
    expect(stored && { ...stored, ciphertext: [...stored.ciphertext] }).toEqual({
      ...row,
      ciphertext: [...row.ciphertext],
    });
    await on(append({ vault: { remove: [row.id] } }));
    expect(await on(inVault(row.id))).toBeUndefined();
  });

  it("a refused append leaves vault, claims and data keys as they were", async (on) => {
    const [row, owner, claim] = [vaultRow(), newOwner(), sha256Hex(randomUUID())];
    const key = await on(mint(owner));
    const refused = append({
      expect: "exists",
      vault: { put: [row] },
      claims: { take: [{ kind: "email", digest: claim, owner }] },
      dataKeys: { create: [key.row] },
    });
    expect(await on(Effect.flip(refused))).toMatchObject({ _tag: "RevisionConflict" });
    expect(await on(inVault(row.id))).toBeUndefined();
    expect(await on(keysOf(owner))).toEqual([]);
    const held = Effect.flatMap(Effect.service(Claims), (all) => all.owner("email", claim));
    expect(await on(held)).toBeUndefined();
  });
}

function dataKeys(it: It): void {
  it("a data key is created with the entries it seals", async (on) => {
    const owner = newOwner();
    const key = await on(mint(owner));
    const data = { name: key.seal("identity", "user.name", "Ada") };
    const entries = [{ type: "Noted", schema: 1, data }];
    await on(append({ entries, dataKeys: { create: [key.row] } }));
    const [stored] = await on(keysOf(owner));
    expect(stored && { ...stored, wrapped: [...stored.wrapped] }).toEqual({
      ...key.row,
      wrapped: [...key.row.wrapped],
    });
  });
}

function erasures(it: It): void {
  it("a destroyed data key is gone and nothing sealed for its owner is appended", async (on) => {
    const owner = newOwner();
    const key = await on(mint(owner));
    const data = { name: key.seal("identity", "user.name", "Ada") };
    const entries = [{ type: "Noted", schema: 1, data }];
    await on(append({ entries, dataKeys: { create: [key.row] } }));
    await on(append({ dataKeys: { destroy: [owner] } }));
    expect(await on(keysOf(owner))).toEqual([]);
    const stream = newStream();
    const late = await on(Effect.flip(append({ stream, entries })));
    expect(late).toMatchObject({ _tag: "OwnerDestroyed", owner });
    const origin = key.seal("identity", "meta.origin", "127.0.0.1");
    const inMeta = await on(Effect.flip(append({ stream, meta: { ...meta(), origin } })));
    expect(inMeta).toMatchObject({ _tag: "OwnerDestroyed", owner });
    expect(await on(revisionsOf(stream))).toEqual([]);
  });

  it("an owner whose data key was destroyed never gets another", async (on) => {
    const owner = newOwner();
    await on(append({ dataKeys: { destroy: [owner] } }));
    const key = await on(mint(owner));
    const error = await on(Effect.flip(append({ dataKeys: { create: [key.row] } })));
    expect(error).toMatchObject({ _tag: "OwnerDestroyed", owner });
    const share = Effect.flatMap(Effect.service(DataKeys), (keys) => keys.share(key.row));
    expect(await on(share)).toBeUndefined();
    expect(await on(keysOf(owner))).toEqual([]);
  });

  it("of two appends that require and destroy one data key, exactly one passes", async (on) => {
    const owner = newOwner();
    const key = await on(mint(owner));
    await on(append({ dataKeys: { create: [key.row] } }));
    const streams = [newStream(), newStream()];
    const taking = { require: [owner], destroy: [owner] };
    const taken = await on(
      together(2, (at) => Effect.exit(append({ stream: streams[at] ?? "", dataKeys: taking }))),
    );
    expect(taken.filter(Exit.isSuccess)).toHaveLength(1);
    expect(JSON.stringify(taken.find(Exit.isFailure))).toContain("OwnerDestroyed");
    const revisions = await Promise.all(streams.map((stream) => on(revisionsOf(stream))));
    expect(revisions.flat()).toEqual([0]);
  });

  it("a shared data key is the first one stored, for everybody", async (on) => {
    const owner: OwnerId = `origin:${randomUUID()}`;
    const stored = await on(
      together(4, () =>
        Effect.gen(function* () {
          const key = yield* mint(owner);
          return yield* (yield* DataKeys).share(key.row);
        }),
      ),
    );
    const wrapped = stored.map((key) => Buffer.from(key?.wrapped ?? []).toString("hex"));
    expect(new Set(wrapped).size).toBe(1);
  });
}
