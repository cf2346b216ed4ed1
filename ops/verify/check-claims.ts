import * as Effect from "effect/Effect";
import { Claims } from "../../adapters/ports/claims.ts";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import type { ClaimKind } from "../../api/sign-up/claims.ts";
import type { Problem } from "./problem.ts";
import type { Standing } from "./standing.ts";
import { place, wantedClaims } from "./wanted-claims.ts";

/** Claims read at a time. */
const PAGE = 200;

type Holder = { readonly model: string; readonly category: string; readonly name: string };

/** Who holds what: by which read model and stream they are known, and the claim in words. */
const HOLDERS: Readonly<Record<ClaimKind, Holder>> = {
  email: { model: "users", category: "user", name: "the e-mail claim of user" },
  username: { model: "users", category: "user", name: "the username claim of user" },
  provider: { model: "users", category: "user", name: "the provider claim of user" },
  invitation: {
    model: "invitations",
    category: "invitation",
    name: "the claim of an address by invitation",
  },
  audience: {
    model: "resource_servers",
    category: "resource-server",
    name: "the claim of an audience by resource server",
  },
};
const isKind = (kind: string): kind is ClaimKind => Object.hasOwn(HOLDERS, kind);
/** A kind that this program does not know can only be somebody's. */
const holderOf = (kind: string) => HOLDERS[isKind(kind) ? kind : "email"];

/**
 * Recomputes the claims from the rows that hold what is claimed, and holds the claims that are
 * stored against them. Whoever changed after the ledger was read is left to the
 * next verification; a claim in quarantine lets nobody in and follows from no row any more.
 */
export const checkClaims = Effect.fnUntraced(function* (
  models: ReadonlyArray<Standing>,
  report: (problem: Problem) => Effect.Effect<void>,
) {
  const standings = new Map(models.map((standing) => [standing.model.name, standing]));
  const standingOf = (kind: string) => standings.get(holderOf(kind).model);
  const claims = yield* Claims;
  const wanted = yield* wantedClaims(models);
  const problemAbout = (kind: string, owner: string, problem: string) =>
    report({
      ledger: "identity",
      position: standingOf(kind)?.fold.rows.get(owner)?.position ?? 0,
      problem,
    });
  const hasMovedOn = (kind: string, owner: string) => {
    const standing = standingOf(kind);
    if (standing === undefined) return Effect.succeed(false);
    return movedOn(standing, `${holderOf(kind).category}-${owner}`);
  };
  const held = new Set<string>();
  let after: { kind: string; digest: string } | undefined;
  for (;;) {
    const page = yield* claims.page(after, PAGE);
    for (const { kind, digest, owner, quarantined } of page) {
      // Of a model that is still being built nothing can be said.
      if (standingOf(kind) === undefined) continue;
      const at = place(kind, digest);
      if (owner === wanted.get(at)?.owner && !quarantined) held.add(at);
      else if (!quarantined && !(yield* hasMovedOn(kind, owner))) {
        yield* problemAbout(kind, owner, `a claim (${kind}) of "${owner}" follows from no event`);
      }
    }
    const last = page[page.length - 1];
    if (page.length < PAGE || last === undefined) break;
    after = { kind: last.kind, digest: last.digest };
  }
  for (const [at, { kind, owner }] of wanted) {
    if (held.has(at) || (yield* hasMovedOn(kind, owner))) continue;
    const claim = `${HOLDERS[kind].name} "${owner}"`;
    yield* problemAbout(kind, owner, `${claim} is missing or another's`);
  }
});

/**
 * Whether an owner came or changed after what was folded. A claim is committed with its event, so
 * their stream says; a record that cannot be read is a problem of its own.
 */
const movedOn = Effect.fnUntraced(function* ({ position }: Standing, stream: string) {
  const [newest] = yield* (yield* Ledgers).identity
    .read({ stream, direction: "backwards", limit: 1 })
    .pipe(Effect.catchTag("LedgerCorrupt", () => Effect.succeed([])));
  return newest !== undefined && newest.position > position;
});
