import * as Effect from "effect/Effect";
import { Claims } from "../../adapters/ports/claims.ts";
import { Keyring } from "../../adapters/ports/keyring.ts";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { normaliseEmail } from "../../api/sign-up/email-address.ts";
import { isSealed, type Sealed } from "../../domain/sealed.ts";
import type { Problem } from "./problem.ts";
import type { Standing } from "./standing.ts";

/** E-mail addresses opened, or claims read, at a time. */
const PAGE = 200;
const EMAIL = "email";

/**
 * Recomputes each person's claim from their sealed e-mail address, and holds the claims that are
 * stored against them. Whoever changed after the ledger was read is left to the next verification.
 */
export const checkClaims = Effect.fnUntraced(function* (
  users: Standing,
  report: (problem: Problem) => Effect.Effect<void>,
) {
  const claims = yield* Claims;
  const wanted = yield* wantedClaims(users);
  const problemAt = (position: number, problem: string) =>
    report({ ledger: "identity", position, problem });
  for (const [digest, userId] of wanted) {
    if ((yield* claims.owner(EMAIL, digest)) === userId) continue;
    if (yield* movedOn(users, userId)) continue;
    const position = users.fold.rows.get(userId)?.position ?? 0;
    yield* problemAt(position, `the e-mail claim of user "${userId}" is missing or another's`);
  }
  let after: { kind: string; digest: string } | undefined;
  for (;;) {
    const page = yield* claims.page(after, PAGE);
    for (const { kind, digest, owner } of page) {
      if (kind === EMAIL && owner === wanted.get(digest)) continue;
      if (yield* movedOn(users, owner)) continue;
      const position = users.fold.rows.get(owner)?.position ?? 0;
      yield* problemAt(position, `a claim (${kind}) of "${owner}" follows from no event`);
    }
    const last = page[page.length - 1];
    if (page.length < PAGE || last === undefined) return;
    after = { kind: last.kind, digest: last.digest };
  }
});

/**
 * Whether a person came or changed after what was folded. A claim is committed with its event, so
 * their stream says; a record that cannot be read is a problem of its own.
 */
const movedOn = Effect.fnUntraced(function* ({ position }: Standing, userId: string) {
  const [newest] = yield* (yield* Ledgers).identity
    .read({ stream: `user-${userId}`, direction: "backwards", limit: 1 })
    .pipe(Effect.catchTag("LedgerCorrupt", () => Effect.succeed([])));
  return newest !== undefined && newest.position > position;
});

/** Claim digest → user id, of everybody who has an e-mail address that opens. */
const wantedClaims = Effect.fnUntraced(function* (users: Standing) {
  const { claimDigest } = yield* Keyring;
  const { open } = yield* Sealer;
  const people: Array<{ userId: string; sealed: Sealed }> = [];
  for (const [userId, { row }] of users.fold.rows) {
    const email = row?.["email"];
    if (isSealed(email)) people.push({ userId, sealed: email });
  }
  const digests = new Map<string, string>();
  for (let from = 0; from < people.length; from += PAGE) {
    const page = people.slice(from, from + PAGE);
    const opened = yield* open(
      page.map(({ sealed }) => ({ ledger: "identity" as const, field: "user.email", sealed })),
    );
    page.forEach(({ userId }, i) => {
      const plain = opened[i];
      const normal = plain === undefined ? undefined : normaliseEmail(plain);
      if (normal !== undefined) digests.set(claimDigest(EMAIL, normal), userId);
    });
  }
  return digests;
});
