import * as Effect from "effect/Effect";
import * as Schedule from "effect/Schedule";
import { Database } from "./database.ts";

/** A holder that died is replaced after this long, by the database clock. */
const LEASE_SECONDS = 4;
const RENEW_INTERVAL = "1 second";
const ACQUIRE_INTERVAL = "500 millis";

/**
 * Runs `use` while this process holds the named lease, for ever: lost or taken over, it is stopped
 * and runs again when the lease is held again. A row with a fencing token and an expiry by the
 * database clock, never a session lock: it works through a connection pooler.
 *
 * `use` gets the token; what it writes must be guarded by it, since a paused holder does not know
 * that it was replaced. `alone`: nobody else can have this database open (PGlite), so a lease that
 * a killed process left is taken at once.
 */
export const withLease = <E, R>(
  name: string,
  use: (token: number) => Effect.Effect<unknown, E, R>,
): Effect.Effect<never, never, Database | R> =>
  Effect.gen(function* () {
    const database = yield* Database;
    const holder = crypto.randomUUID();
    const alone = database.kind === "pglite";
    const acquire = database
      .query<{ token: number }>(
        `INSERT INTO authledger.leases AS l (ledger, name, holder, token, expires_at)
         VALUES ('identity', $1, $2, 1, now() + make_interval(secs => $3))
         ON CONFLICT (ledger, name) DO UPDATE
           SET holder = excluded.holder, token = l.token + 1, expires_at = excluded.expires_at
           WHERE l.expires_at < now() OR l.holder = excluded.holder OR $4
         RETURNING token`,
        [name, holder, LEASE_SECONDS, alone],
      )
      .pipe(
        Effect.catch(() => Effect.succeed([])),
        Effect.map(([row]) => row?.token),
      );
    const renew = (token: number) =>
      database
        .query(
          `UPDATE authledger.leases SET expires_at = now() + make_interval(secs => $3)
           WHERE ledger = 'identity' AND name = $1 AND token = $2 RETURNING token`,
          [name, token, LEASE_SECONDS],
        )
        .pipe(Effect.map((rows) => rows.length > 0));
    const release = (token: number) =>
      database
        .query(
          `UPDATE authledger.leases SET expires_at = now() - INTERVAL '1 second'
           WHERE ledger = 'identity' AND name = $1 AND token = $2`,
          [name, token],
        )
        .pipe(Effect.ignore);
    const untilLost = (token: number) =>
      renew(token).pipe(
        Effect.delay(RENEW_INTERVAL),
        Effect.repeat({ while: (held) => held }),
        Effect.ignore,
      );
    return yield* Effect.gen(function* () {
      const token = yield* acquire;
      if (token === undefined) return yield* Effect.sleep(ACQUIRE_INTERVAL);
      return yield* use(token).pipe(
        Effect.catchCause(() => Effect.sleep(ACQUIRE_INTERVAL)),
        Effect.raceFirst(untilLost(token)),
        Effect.ensuring(release(token)),
      );
    }).pipe(Effect.repeat(Schedule.forever), Effect.andThen(Effect.never));
  });
