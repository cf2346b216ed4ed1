import * as Effect from "effect/Effect";
import type { Database } from "./database.ts";

type Problem = {
  readonly name: string;
  readonly position: number;
  readonly problem: string;
  readonly tries?: number;
};

/** What a follower wrote down of itself: its cursor, and why it stands still if it does. */
export type Standing = {
  readonly position: number;
  readonly problem?: string;
  readonly since?: string;
  readonly tries?: number;
};

/** Why followers stand still, in a table, so that every process can say it. */
export function consumerProblems({ query }: Database["Service"]) {
  return {
    has: (name: string) =>
      query("SELECT 1 FROM authledger.consumer_problems WHERE ledger = 'identity' AND name = $1", [
        name,
      ]).pipe(Effect.map((rows) => rows.length > 0)),
    /** The first time counts as `since` until it is cleared. */
    note: ({ name, position, problem, tries = 1 }: Problem) =>
      query(
        `INSERT INTO authledger.consumer_problems (ledger, name, position, problem, tries)
         VALUES ('identity', $1, $2, $3, $4)
         ON CONFLICT (ledger, name) DO UPDATE SET position = excluded.position,
           problem = excluded.problem, tries = excluded.tries`,
        [name, position, problem, tries],
      ),
    clear: (name: string) =>
      query("DELETE FROM authledger.consumer_problems WHERE ledger = 'identity' AND name = $1", [
        name,
      ]),
    standing: query<Row>(STANDING).pipe(
      Effect.map((rows) => new Map(rows.map((row) => [row.name, standingOf(row)]))),
    ),
  };
}

const STANDING = `SELECT substr(c.name, length('consumer:') + 1) AS name, c.position,
    p.problem, p.tries, to_char(p.since AT TIME ZONE 'UTC',
      'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS since
  FROM authledger.cursors c LEFT JOIN authledger.consumer_problems p
    ON p.ledger = c.ledger AND 'consumer:' || p.name = c.name
  WHERE c.ledger = 'identity' AND c.name LIKE 'consumer:%'`;

type Row = {
  readonly name: string;
  readonly position: number;
  readonly problem: string | null;
  readonly since: string | null;
  readonly tries: number | null;
};

function standingOf({ position, problem, since, tries }: Row): Standing {
  if (problem === null || since === null || tries === null) return { position };
  return { position, problem, since, tries };
}
