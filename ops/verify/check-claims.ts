import * as Effect from "effect/Effect";
import { Claims } from "../../adapters/ports/claims.ts";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import type { Problem } from "./problem.ts";
import type { Standing } from "./standing.ts";
import { place, wantedClaims } from "./wanted-claims.ts";

/** Claims read at a time. */
const PAGE = 200;

/** What is claimed, in words. */
const NAMES = { email: "e-mail", username: "username", provider: "provider" } as const;

/**
 * Recomputes each person's claims from what is sealed in their rows, and holds the claims that are
 * stored against them. Whoever changed after the ledger was read is left to the next verification;
 * a claim in quarantine lets nobody in and follows from no row any more.
 */
export const checkClaims = Effect.fnUntraced(function* (
  models: ReadonlyArray<Standing>,
  report: (problem: Problem) => Effect.Effect<void>,
) {
  const users = models.find(({ model }) => model.name === "users");
  if (users === undefined) return;
  const claims = yield* Claims;
  const named = models.filter(({ model }) => model.name === "users" || model.name === "accounts");
  const wanted = yield* wantedClaims(named);
  const problemAbout = (userId: string, problem: string) =>
    report({
      ledger: "identity",
      position: users.fold.rows.get(userId)?.position ?? 0,
      problem,
    });
  const held = new Set<string>();
  let after: { kind: string; digest: string } | undefined;
  for (;;) {
    const page = yield* claims.page(after, PAGE);
    for (const { kind, digest, owner, quarantined } of page) {
      const at = place(kind, digest);
      if (owner === wanted.get(at)?.owner && !quarantined) held.add(at);
      else if (!quarantined && !(yield* movedOn(users, owner))) {
        yield* problemAbout(owner, `a claim (${kind}) of "${owner}" follows from no event`);
      }
    }
    const last = page[page.length - 1];
    if (page.length < PAGE || last === undefined) break;
    after = { kind: last.kind, digest: last.digest };
  }
  for (const [at, { kind, owner }] of wanted) {
    if (held.has(at) || (yield* movedOn(users, owner))) continue;
    const claim = `the ${NAMES[kind]} claim of user "${owner}"`;
    yield* problemAbout(owner, `${claim} is missing or another's`);
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
