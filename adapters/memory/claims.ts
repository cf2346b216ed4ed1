import * as Effect from "effect/Effect";
import type { Claims } from "../ports/claims.ts";
import type { Claim } from "../ports/ledger.ts";
import { claimPlace, type Store } from "./store.ts";

/** The claims that appends have taken. */
export function memoryClaims({ claims }: Store): Claims["Service"] {
  return {
    owner: (kind, digest) =>
      Effect.sync(() => {
        const held = claims.get(claimPlace({ kind, digest }));
        return held?.quarantinedUntil === undefined ? held?.owner : undefined;
      }),
    page: (after, limit) =>
      Effect.sync(() =>
        [...claims.values()]
          .sort(byPlace)
          .filter((claim) => after === undefined || byPlace(claim, after) > 0)
          .slice(0, limit)
          .map(({ kind, digest, owner, quarantinedUntil }) => {
            return { kind, digest, owner, quarantined: quarantinedUntil !== undefined };
          }),
      ),
  };
}

function byPlace(a: Pick<Claim, "kind" | "digest">, b: Pick<Claim, "kind" | "digest">): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  if (a.digest !== b.digest) return a.digest < b.digest ? -1 : 1;
  return 0;
}
