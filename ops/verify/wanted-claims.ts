import * as Effect from "effect/Effect";
import { Keyring } from "../../adapters/ports/keyring.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { type ClaimKind, providerAccount } from "../../api/sign-up/claims.ts";
import { normaliseEmail } from "../../api/sign-up/email-address.ts";
import { normaliseUsername } from "../../api/sign-up/username.ts";
import type { JsonObject } from "../../domain/json.ts";
import { spelled } from "../../domain/resource-server/mod.ts";
import { isSealed, type Sealed } from "../../domain/sealed.ts";
import type { Standing } from "./standing.ts";

/** Values opened at a time. */
const PAGE = 200;

/** A value that is one owner's at a time, as a row shows it: sealed, or for all to see. */
type Claimed = WantedClaim &
  (
    | { readonly plain: string }
    | {
        readonly field: string;
        readonly sealed: Sealed;
        /** What the claim is made of; undefined for a value that nobody could have claimed. */
        readonly claimedValue: (plain: string) => string | undefined;
      }
  );

export type WantedClaim = { readonly kind: ClaimKind; readonly owner: string };

/** What the rows of a model claim. */
const CLAIMED: Readonly<Record<string, (key: string, row: JsonObject) => ReadonlyArray<Claimed>>> =
  {
    users: ofUser,
    accounts: (_, row) => ofAccount(row),
    invitations: ofInvitation,
    resource_servers: (owner, { audience }) =>
      typeof audience === "string" ? [{ kind: "audience", owner, plain: spelled(audience) }] : [],
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
  const want = ({ kind, owner }: WantedClaim, value: string) =>
    wanted.set(place(kind, claimDigest(kind, value)), { kind, owner });
  const sealed = claimed.flatMap((one) => ("sealed" in one ? [one] : []));
  for (const one of claimed) if ("plain" in one) want(one, one.plain);
  for (let from = 0; from < sealed.length; from += PAGE) {
    const page = sealed.slice(from, from + PAGE);
    const opened = yield* open(
      page.map((one) => ({ ledger: "identity" as const, field: one.field, sealed: one.sealed })),
    );
    page.forEach((one, index) => {
      const plain = opened[index];
      const value = plain === undefined ? undefined : one.claimedValue(plain);
      if (value !== undefined) want(one, value);
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
