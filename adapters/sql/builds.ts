import * as Effect from "effect/Effect";
import { EMPTY_DIGEST } from "../fold/digest.ts";
import type { Cursor } from "../ports/ledger.ts";
import type { DatabaseError, Session } from "./database.ts";

/** One build of one model and where it stands. */
export type Build = {
  readonly name: string;
  readonly build: number;
  readonly version: number;
  readonly cursor: Cursor;
  readonly digest: string;
  readonly token: number;
};

type CursorRow = Cursor & Omit<Build, "cursor">;

/** SQLSTATE: a table that a statement names does not exist. */
export const UNDEFINED_TABLE = "42P01";

/** The table of a build's rows; those of their events and snapshots begin with its name. */
export const tableOf = ({ name, build }: Build): string => `authledger.${name}_${build}`;

export const COLUMNS = "name, build, version, position, leaf, epoch, digest, token";

export const buildOf = ({ position, leaf, epoch, digest, ...build }: CursorRow): Build => ({
  ...build,
  digest: digest === "" ? EMPTY_DIGEST : digest,
  cursor: { position, leaf, epoch },
});

/** The active build of a model, or none before the first. */
export const activeBuild = (session: Session, name: string, lock: "" | "FOR UPDATE" = "") =>
  session
    .query<CursorRow>(
      `SELECT ${COLUMNS} FROM authledger.cursors
       WHERE ledger = 'identity' AND name = $1 AND active ${lock}`,
      [name],
    )
    .pipe(Effect.map(([row]) => row && buildOf(row)));

/** Makes the tables and the cursor of a build; `active` makes readers see it. */
export const createBuild = Effect.fnUntraced(function* (
  session: Session,
  model: { readonly name: string; readonly version: number },
  active: boolean,
): Effect.fn.Return<Build, DatabaseError> {
  const { name, version } = model;
  const [next] = yield* session.query<{ build: number }>(
    `SELECT (coalesce(max(build), 0) + 1)::INT AS build FROM authledger.cursors
     WHERE ledger = 'identity' AND name = $1`,
    [name],
  );
  const build = next?.build ?? 1;
  yield* session.query("SELECT authledger.drop_build($1, $2)", [name, build]);
  yield* session.query("SELECT authledger.create_build($1, $2)", [name, build]);
  if (active) yield* session.query("SELECT authledger.activate_build($1, $2)", [name, build]);
  yield* session.query(
    `INSERT INTO authledger.cursors (ledger, name, build, version, active)
     VALUES ('identity', $1, $2, $3, $4)`,
    [name, build, version, active],
  );
  const cursor = { position: 0, leaf: "", epoch: "" };
  return { name, build, version, cursor, digest: EMPTY_DIGEST, token: 0 };
});
