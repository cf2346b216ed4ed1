import * as Effect from "effect/Effect";
import { Claims } from "../../adapters/ports/claims.ts";
import type { CheckedUser } from "./checked-user.ts";
import { derivedId } from "./derived-id.ts";
import { claimsOf, type Imported, wasImported } from "./import-user.ts";

/**
 * What an import of this person would come to, with those before them: `wanted` keeps what they
 * claimed.
 */
export const previewUser = Effect.fnUntraced(function* (
  person: CheckedUser,
  source: string,
  wanted: Map<string, string>,
) {
  const derived = derivedId(source, person.sourceId);
  const imported = yield* wasImported(derived);
  if (imported === true) return { outcome: "already" } satisfies Imported;
  if (imported === false) return { outcome: "taken", taken: "id" } satisfies Imported;
  const { owner } = yield* Claims;
  const claims = yield* claimsOf(person);
  for (const { kind, digest } of claims) {
    const holder = wanted.get(`${kind}:${digest}`) ?? (yield* owner(kind, digest));
    if (holder !== undefined && holder !== derived.userId) {
      return { outcome: "taken", taken: kind } satisfies Imported;
    }
  }
  for (const { kind, digest } of claims) wanted.set(`${kind}:${digest}`, derived.userId);
  return { outcome: "imported", position: 0 } satisfies Imported;
});
