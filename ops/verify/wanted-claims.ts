import * as Effect from "effect/Effect";
import { Keyring } from "../../adapters/ports/keyring.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { type ClaimKind, providerAccount } from "../../api/sign-up/claims.ts";
import { normaliseEmail } from "../../api/sign-up/email-address.ts";
import { normaliseUsername } from "../../api/sign-up/username.ts";
import type { JsonObject } from "../../domain/json.ts";
import { isSealed, type Sealed } from "../../domain/sealed.ts";
import type { Standing } from "./standing.ts";

/** Values opened at a time. */
const PAGE = 200;

/** A value that is one owner's at a time, as a row shows it. */
type Claimed = {
  readonly kind: ClaimKind;
  readonly owner: string;
  readonly field: string;
  readonly sealed: Sealed;
  /** What the claim is made of; undefined for a value that nobody could have claimed. */
  readonly claimedValue: (plain: string) => string | undefined;
};

export type WantedClaim = { readonly kind: ClaimKind; readonly owner: string };

/** What the rows of a model claim. */
const CLAIMED: Readonly<Record<string, (key: string, row: JsonObject) => ReadonlyArray<Claimed>>> =
  {
    users: ofUser,
    accounts: (_, row) => ofAccount(row),
    invitations: ofInvitation,
  };

/** The claims that follow from the rows of read models, by kind and digest. */
export const wantedClaims = Effect.fnUntraced(function* (models: ReadonlyArray<Standing>) {
  const { claimDigest } = yield* Keyring;
  const { open } = yield* Sealer;
  const claimed = models.flatMap(({ model, fold }) => {
    const claimedBy = CLAIMED[model.name];
    if (claimedBy === undefined) return [];
    return [...fold.rows].flatMap(([key, { row }]) =>
      row === undefined ? [] : claimedBy(key, row),
    );
  });
  const wanted = new Map<string, WantedClaim>();
  for (let from = 0; from < claimed.length; from += PAGE) {
    const page = claimed.slice(from, from + PAGE);
    const opened = yield* open(
      page.map(({ field, sealed }) => ({ ledger: "identity" as const, field, sealed })),
    );
    page.forEach(({ kind, owner, claimedValue }, index) => {
      const plain = opened[index];
      const value = plain === undefined ? undefined : claimedValue(plain);
      if (value !== undefined) wanted.set(place(kind, claimDigest(kind, value)), { kind, owner });
    });
  }
  return wanted;
});

/** Where a claim stands; a kind holds no space. */
export function place(kind: string, digest: string): string {
  return `${kind} ${digest}`;
}

function ofUser(owner: string, { email, username }: JsonObject): ReadonlyArray<Claimed> {
  const claims: Array<Claimed> = [];
  if (isSealed(email)) {
    const field = "user.email";
    claims.push({ kind: "email", owner, field, sealed: email, claimedValue: normaliseEmail });
  }
  if (isSealed(username)) {
    const field = "user.username";
    claims.push({
      kind: "username",
      owner,
      field,
      sealed: username,
      claimedValue: normaliseUsername,
    });
  }
  return claims;
}

function ofAccount({ userId, provider, providerSubject }: JsonObject): ReadonlyArray<Claimed> {
  if (!isSealed(providerSubject)) return [];
  const claimedValue = (plain: string) => providerAccount(String(provider), plain);
  const field = "user.providerSubject";
  return [
    { kind: "provider", owner: String(userId), field, sealed: providerSubject, claimedValue },
  ];
}

/** Of one that has ended the address is unreadable, and nobody's. */
function ofInvitation(owner: string, { email }: JsonObject): ReadonlyArray<Claimed> {
  if (!isSealed(email)) return [];
  const field = "invitation.email";
  return [{ kind: "invitation", owner, field, sealed: email, claimedValue: normaliseEmail }];
}
