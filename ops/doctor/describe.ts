import * as Effect from "effect/Effect";
import { Keyring } from "../../adapters/ports/keyring.ts";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { consumerProblems } from "../../adapters/sql/consumer-problems.ts";
import { Database } from "../../adapters/sql/database.ts";
import { schemaVersion } from "../../adapters/sql/migrate.ts";
import { documents } from "../../api/documents/documents.ts";
import { mailIsOpen } from "../../api/mail/mail-is-open.ts";
import { type HealthProblem, health } from "../../api/operations/health.ts";
import { LEDGER_STREAM_ID, ledger } from "../../domain/ledger/mod.ts";
import type { Config } from "../config.ts";
import { mailModeOf } from "../mail.ts";
import { packageVersion } from "../package-version.ts";
import type { Finding } from "./findings.ts";
import { runtime } from "./runtime.ts";

/**
 * What a program needs to work with this installation (row M5): where it is, how it is set, how it
 * stands, and what must be mended. No secret and nothing personal.
 */
export const describe = Effect.fnUntraced(function* (
  config: Config,
  findings: ReadonlyArray<Finding>,
) {
  const database = yield* Database;
  const settings = { mail: mailModeOf(config) };
  const stood = yield* Effect.result(health(settings, new Date()));
  const standing = stood._tag === "Success" ? stood.success : undefined;
  // A command follows nothing itself: where the followers stand, the store says.
  const { problems = [], consumers: _, ...parts } = standing ?? {};
  const path = (at: string) => `${config.url}${at}`;
  return {
    program: { version: packageVersion(), runtime: runtime() },
    url: config.url,
    listen: { host: config.host, port: config.port },
    documents: Object.fromEntries(documents.map((each) => [each.path, path(each.path)])),
    health: { alive: path("/healthz"), ready: path("/readyz"), metrics: path("/metrics") },
    store: { kind: database.kind, schemaVersion: yield* schemaVersion },
    modes: {
      public: config.publicUrl,
      signUp: config.signUp,
      verifyEmail: config.verifyEmail,
      cookieDomain: config.cookieDomain ?? null,
      traces: config.otelEndpoint !== undefined,
      metricsToken: config.metricsToken !== undefined,
    },
    doors: {
      password: true,
      guest: true,
      signUp: config.signUp === "open",
      mailed: mailIsOpen(settings),
    },
    keys: yield* keys,
    ...parts,
    followers: yield* followers,
    findings,
    problems: [...problems, ...findings.flatMap(problemOf)],
  };
});

function problemOf({ level, what, say, repair }: Finding): ReadonlyArray<HealthProblem> {
  if (level !== "bad") return [];
  return [{ where: what, problem: say, repair: repair ?? 'README.md, "When something is wrong"' }];
}

/** The root keys by purpose, with the secret that wraps them; never a key. */
const keys = Effect.gen(function* () {
  const { secretId } = yield* Keyring;
  const stream = `${ledger.category}-${LEDGER_STREAM_ID}`;
  const told = yield* (yield* Ledgers).identity.read({ stream });
  const wrapped = told.findLast(({ type }) => type === "SecretRotated" || type === "LedgerFounded");
  const rows = yield* (yield* Database).query<{ purpose: string; version: number }>(
    `SELECT purpose, max(version) AS version FROM authledger.root_keys
     WHERE ledger = 'identity' GROUP BY purpose ORDER BY purpose`,
  );
  return { secretId, wrappedSince: wrapped?.at ?? null, purposes: rows };
});

/** Of whichever process runs them, as far as they wrote down where they are. */
const followers = Effect.gen(function* () {
  const standing = yield* consumerProblems(yield* Database).standing;
  return [...standing]
    .map(([name, at]) => ({ name, ...at }))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
});
