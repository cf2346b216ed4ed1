import * as Effect from "effect/Effect";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { type ModelStatus, ReadModels } from "../../adapters/ports/read-models.ts";
import { Database } from "../../adapters/sql/database.ts";
import { foundingOf } from "../../adapters/sql/founding.ts";
import { schemaVersion } from "../../adapters/sql/migrate.ts";
import { architectsNow } from "../../api/users/standing.ts";
import { readModels } from "../../projections/catalogue.ts";
import type { Config } from "../config.ts";
import { packageVersion } from "../package-version.ts";
import { diverged, standings } from "../verify/standing.ts";
import { runtime } from "./runtime.ts";

/** One thing that was looked at. */
export type Finding = {
  readonly level: "ok" | "note" | "bad";
  readonly what: string;
  readonly say: string;
  /** What to do about it, where that is another sentence. */
  readonly repair?: string;
};

/** Appends are refused when the clocks differ by 2 s; half of that is worth a word. */
const SKEW_WARN_MS = 1_000;

/** Everything that an operator should know of this installation, best first. */
export const findings = Effect.fnUntraced(function* (config: Config) {
  const database = yield* Database;
  const ledgers = yield* Ledgers;
  const founded = yield* foundingOf;
  const heads = yield* Effect.all([ledgers.identity.head, ledgers.activity.head]);
  const owners = yield* Effect.result(architectsNow);
  const astray = yield* Effect.filter(yield* standings(readModels), diverged);
  const found: Array<Finding> = [
    ok("program", `authledger ${packageVersion()}, ${runtime()}`),
    ok("store", `${database.kind}, schema version ${yield* schemaVersion}`),
    ok("issuer", founded?.issuer ?? "not founded"),
    ok("ledger", `${heads[0].position} identity events, ${heads[1].position} activity events`),
    owners._tag === "Success"
      ? architectsFinding(config, owners.success.size)
      : bad("architects", owners.failure.message),
    secretFinding(config),
    ...(yield* (yield* ReadModels).status).map((status) =>
      astray.some(({ model }) => model.name === status.model)
        ? bad(status.model, `${placeOf(status)}, ahead of this history: rebuild it`)
        : modelFinding(status),
    ),
    clockFinding(yield* clockSkew),
    database.kind === "pglite"
      ? note("durability", "PGlite survives kill -9, not a power loss: use Postgres in production")
      : yield* ownershipFinding,
    yield* triggersFinding,
    yield* strayFinding,
  ];
  return found;
});

function architectsFinding({ url }: Config, count: number): Finding {
  if (count > 0) return ok("architects", `${count}`);
  return note("architects", `none yet: POST ${url}/v1/setup with the set-up token`);
}

function secretFinding(config: Config): Finding {
  if (config.secrets.length > 0) return ok("secret", "AUTHLEDGER_SECRET is set");
  return note("secret", `generated for development, in ${config.dataFolder}`);
}

function modelFinding(status: ModelStatus): Finding {
  const { model, position, head, parked, problem } = status;
  const at = placeOf(status);
  if (problem !== undefined) return bad(model, `${at}, stands still: ${problem}`);
  const keys = parked === 1 ? "1 key" : `${parked} keys`;
  if (parked > 0) return bad(model, `${at}, ${keys} parked: mend the program, then rebuild`);
  // Without a server nobody folds, so being behind is no fault of its own.
  return head > position ? note(model, at) : ok(model, at);
}

function placeOf({ version, position, head }: ModelStatus): string {
  const behind = Math.max(0, head - position);
  return `v${version}, ${behind === 1 ? "1 event" : `${behind} events`} behind`;
}

/** How far this process's clock is from the database's. */
export function clockFinding(skewMs: number): Finding {
  const skew = Math.round(Math.abs(skewMs));
  if (skew <= SKEW_WARN_MS) return ok("clock", `${skew} ms from the database's`);
  return bad("clock", `${skew} ms from the database's: appends are refused past 2,000`);
}

const clockSkew = Effect.gen(function* () {
  const [row] = yield* (yield* Database).query<{ ms: number }>(
    "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::DOUBLE PRECISION AS ms",
  );
  return Date.now() - Number(row?.ms ?? 0);
});

/** Whoever owns the tables can drop the triggers that keep history from being rewritten. */
const ownershipFinding = Effect.gen(function* () {
  const [row] = yield* (yield* Database).query<{ owns: boolean }>(
    `SELECT pg_has_role(current_user, relowner, 'MEMBER') AS owns FROM pg_class
     WHERE oid = 'authledger.identity_events'::regclass`,
  );
  if (row?.owns !== true) return ok("database role", "does not own the tables");
  return note(
    "database role",
    "owns the tables, so it could drop their triggers: in production let another role migrate",
  );
});

const triggersFinding = Effect.gen(function* () {
  const missing = yield* (yield* Database).query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'authledger' AND c.relkind IN ('r', 'p')
       AND c.relname ~ '^(identity|activity)_events' AND NOT EXISTS (
         SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'append_only'
           AND t.tgenabled = 'A')`,
  );
  if (missing.length === 0) return ok("append-only", "every events table refuses rewriting");
  return bad("append-only", `no trigger on ${missing.map(({ name }) => name).join(", ")}`);
});

/** A row that somebody inserted past the program stands where the next append belongs. */
const strayFinding = Effect.gen(function* () {
  const stray = yield* (yield* Database).query<{ ledger: string; position: number }>(
    `SELECT h.ledger, e.position FROM authledger.heads h JOIN LATERAL (
       SELECT position FROM authledger.identity_events
         WHERE h.ledger = 'identity' AND ledger = h.ledger AND position > h.position
       UNION ALL
       SELECT position FROM authledger.activity_events
         WHERE h.ledger = 'activity' AND ledger = h.ledger AND position > h.position
       LIMIT 1) e ON TRUE`,
  );
  if (stray.length === 0) return ok("heads", "no record stands after them");
  const where = stray.map(({ ledger, position }) => `${ledger} ${position}`).join(", ");
  return bad("heads", `a record past the head blocks appends (${where}): see README, repair`);
});

const finding = (level: Finding["level"]) => (what: string, say: string) => ({ level, what, say });
const ok = finding("ok");
const note = finding("note");
const bad = finding("bad");
