import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { Keyring } from "../ports/keyring.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";
import { type Charge, type Reservation, Throttles, throttlePurpose } from "../ports/throttles.ts";
import { Database } from "./database.ts";

type Reserved = {
  readonly refused: number | null;
  readonly waitMs: number;
  readonly first: boolean;
};

/** Counters in an unlogged table; one function call charges a request. */
export const layer: Layer.Layer<Throttles, never, Database | Keyring> = Layer.effect(
  Throttles,
  Effect.gen(function* () {
    const { query } = yield* Database;
    const { artefact } = yield* Keyring;
    const digest = (bucket: string, key: string) => artefact(throttlePurpose(bucket), key);
    return {
      reserve: (charges) => {
        const sorted = charges
          .map((charge) => ({ ...charge, digest: digest(charge.bucket, charge.key) }))
          .sort((a, b) => Buffer.compare(a.digest, b.digest));
        return query<Reserved>(
          `SELECT refused, wait_ms AS "waitMs", first FROM authledger.reserve_throttles(
             $1::TEXT[], $2::BYTEA[], $3::INT[], $4::FLOAT8[], $5::FLOAT8[])`,
          [
            sorted.map(({ bucket }) => bucket),
            sorted.map((charge) => charge.digest),
            sorted.map(({ limit }) => limit.max),
            sorted.map(({ limit }) => limit.windowMs),
            sorted.map(({ limit }) => limit.delayMaxMs ?? null),
          ],
        ).pipe(
          Effect.mapError(storeUnavailable),
          Effect.map(([row]) => reservation(sorted, row)),
        );
      },
      forgive: (bucket, key) =>
        query(
          `DELETE FROM authledger.throttles
           WHERE ledger = 'identity' AND bucket = $1 AND key = $2`,
          [bucket, digest(bucket, key)],
        ).pipe(Effect.mapError(storeUnavailable), Effect.asVoid),
    };
  }),
);

function reservation(charges: ReadonlyArray<Charge>, row: Reserved | undefined): Reservation {
  const refused = charges[(row?.refused ?? 0) - 1];
  if (row === undefined || refused === undefined) return { admitted: true };
  const { waitMs: retryAfterMs, first } = row;
  return { admitted: false, bucket: refused.bucket, retryAfterMs, first };
}
