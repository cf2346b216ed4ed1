import * as Effect from "effect/Effect";
import * as Exit from "effect/Exit";
import type * as Scope from "effect/Scope";
import { batched } from "./batched.ts";
import type { Database, DatabaseError } from "./database.ts";

/** The place of an artefact. */
export type Place = { readonly kind: string; readonly digest: string };

/** A row as it is to be stored. */
export type Putting = Place & {
  readonly grant: string | null;
  readonly userCode: string | null;
  readonly keyVersion: number;
  readonly ciphertext: Uint8Array;
  readonly expiresMs: number;
};

/** A row as it is stored, expired or not. */
export type Stored = Place & {
  readonly keyVersion: number;
  readonly payload: Uint8Array;
  readonly expiresMs: number | string;
  readonly consumedMs: number | string | null;
};

type Consuming = Place & { readonly nowMs: number };

/**
 * What the token endpoints ask of the table with every request, shared by those who ask at once: a
 * statement and its commit cost more than a row.
 *
 * Errors: what the database refuses together is tried one by one, so that nobody fails for another.
 */
export const artefactBatches = ({ query }: Database["Service"]) =>
  Effect.gen(function* () {
    const find = yield* batched((places: ReadonlyArray<Place>) =>
      query<Stored>(FIND, [column(places, "kind"), column(places, "digest")]).pipe(
        Effect.map((rows) => {
          const found = new Map(rows.map((row) => [nameOf(row), row]));
          return places.map((place) => found.get(nameOf(place)));
        }),
      ),
    );
    const put = yield* each((puttings: ReadonlyArray<Putting>) => {
      // All take their locks in one order, or two statements could wait for each other.
      const sorted = puttings.map((putting, at) => ({ putting, at })).sort(byPlace);
      const rows = sorted.map(({ putting }) => putting);
      return query<{ kept: boolean }>(PUT, [
        column(rows, "kind"),
        column(rows, "digest"),
        column(rows, "grant"),
        column(rows, "userCode"),
        column(rows, "keyVersion"),
        column(rows, "ciphertext"),
        column(rows, "expiresMs"),
      ]).pipe(
        Effect.map((answers) => {
          const kept = new Map(sorted.map(({ at }, i) => [at, answers[i]?.kept === true]));
          return puttings.map((_, at) => kept.get(at) === true);
        }),
      );
    });
    const consume = yield* each((asked: ReadonlyArray<Consuming>) =>
      query<Place>(CONSUME, [
        column(asked, "kind"),
        column(asked, "digest"),
        column(asked, "nowMs"),
      ]).pipe(
        Effect.map((rows) => {
          const consumed = new Set(rows.map(nameOf));
          // Of those who ask for one in the same statement the first has it.
          return asked.map((place) => consumed.delete(nameOf(place)));
        }),
      ),
    );
    return { find, put, consume };
  });

const FIND = `SELECT a.kind, a.digest, a.key_version AS "keyVersion", a.payload,
    a.expires_ms AS "expiresMs", a.consumed_ms AS "consumedMs"
  FROM unnest($1::TEXT[], $2::TEXT[]) AS k(kind, digest)
  JOIN authledger.artefacts a
    ON a.ledger = 'identity' AND a.kind = k.kind AND a.digest = k.digest`;

const PUT = `SELECT authledger.put_artefact(
    k.kind, k.digest, k.grant_digest, k.user_code, k.key_version, k.payload, k.expires_ms) AS kept
  FROM unnest($1::TEXT[], $2::TEXT[], $3::TEXT[], $4::TEXT[], $5::INTEGER[], $6::BYTEA[],
    $7::BIGINT[]) AS k(kind, digest, grant_digest, user_code, key_version, payload, expires_ms)`;

const CONSUME = `UPDATE authledger.artefacts a SET consumed_ms = k.now_ms
  FROM unnest($1::TEXT[], $2::TEXT[], $3::BIGINT[]) AS k(kind, digest, now_ms)
  WHERE a.ledger = 'identity' AND a.kind = k.kind AND a.digest = k.digest
    AND a.consumed_ms IS NULL
  RETURNING a.kind, a.digest`;

/** In batches; what was refused as a batch is asked one by one. */
const each = <Request, Answer>(
  work: (asked: ReadonlyArray<Request>) => Effect.Effect<ReadonlyArray<Answer>, DatabaseError>,
): Effect.Effect<(asked: Request) => Effect.Effect<Answer, DatabaseError>, never, Scope.Scope> => {
  const alone = (request: Request) =>
    Effect.exit(Effect.map(work([request]), ([answer]) => answer as Answer));
  const all = (asked: ReadonlyArray<Request>) =>
    Effect.catch(
      Effect.map(work(asked), (answers) => answers.map((answer) => Exit.succeed(answer))),
      (error) =>
        error.unreachable || asked.length === 1
          ? Effect.succeed(asked.map(() => Exit.fail(error)))
          : Effect.forEach(asked, alone),
    );
  return Effect.map(batched(all), (ask) => (request) => Effect.flatten(ask(request)));
};

const column = <Row, Name extends keyof Row>(rows: ReadonlyArray<Row>, name: Name) =>
  rows.map((row) => row[name]);

const nameOf = ({ kind, digest }: Place) => `${kind}/${digest}`;

type Placed = { readonly putting: Putting };
const byPlace = ({ putting: one }: Placed, { putting: other }: Placed) =>
  nameOf(one) < nameOf(other) ? -1 : 1;
