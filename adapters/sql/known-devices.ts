import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { deviceMark, deviceOwner } from "../crypto/device-mark.ts";
import { Keyring } from "../ports/keyring.ts";
import { DEVICE_KEPT_MS, DEVICES_MAX, KnownDevices, SWEEP_MAX } from "../ports/known-devices.ts";
import { storeUnavailable } from "../ports/store-unavailable.ts";
import { Database } from "./database.ts";

/** Answers which of the rows were not there: a new one has had no version before. */
const seen = `INSERT INTO authledger.known_devices AS d (ledger, owner, device, seen_at)
  SELECT 'activity', $1, m.device, $3 FROM unnest($2::TEXT[]) AS m(device)
  ON CONFLICT (ledger, owner, device) DO UPDATE SET seen_at = excluded.seen_at
  RETURNING d.xmax = 0 AS fresh`;

/** Known devices in a table. */
export const layer: Layer.Layer<KnownDevices, never, Database | Keyring> = Layer.effect(
  KnownDevices,
  Effect.gen(function* () {
    const { query } = yield* Database;
    const keyring = yield* Keyring;
    const digests = (userId: string, marks: ReadonlyArray<string>) => [
      ...new Set(marks.map((mark) => deviceMark(keyring, userId, mark))),
    ];
    return {
      recognise: (userId, marks) =>
        Effect.gen(function* () {
          const before = yield* query<{ device: string }>(
            "SELECT device FROM authledger.known_devices WHERE ledger = 'activity' AND owner = $1",
            [deviceOwner(keyring, userId)],
          );
          if (before.length === 0) return "first" as const;
          const devices = digests(userId, marks);
          const known = before.some(({ device }) => devices.includes(device));
          return known ? ("known" as const) : ("new" as const);
        }).pipe(Effect.mapError(storeUnavailable)),
      remember: (userId, marks) =>
        Effect.gen(function* () {
          const at = new Date(yield* Clock.currentTimeMillis).toISOString();
          const owner = deviceOwner(keyring, userId);
          const rows = yield* query<{ fresh: boolean }>(seen, [owner, digests(userId, marks), at]);
          // Where nothing came, there are no more than before.
          if (!rows.some(({ fresh }) => fresh)) return;
          yield* query(
            `DELETE FROM authledger.known_devices WHERE ledger = 'activity' AND owner = $1
             AND device NOT IN (SELECT device FROM authledger.known_devices
               WHERE ledger = 'activity' AND owner = $1 ORDER BY seen_at DESC LIMIT $2)`,
            [owner, DEVICES_MAX],
          );
        }).pipe(Effect.mapError(storeUnavailable)),
      forget: (userId) =>
        query("DELETE FROM authledger.known_devices WHERE ledger = 'activity' AND owner = $1", [
          deviceOwner(keyring, userId),
        ]).pipe(Effect.mapError(storeUnavailable), Effect.asVoid),
      sweep: Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis;
        const gone = yield* query(
          `DELETE FROM authledger.known_devices WHERE (ledger, owner, device) IN (
             SELECT ledger, owner, device FROM authledger.known_devices WHERE seen_at < $1
             ORDER BY seen_at LIMIT $2) RETURNING 1`,
          [new Date(now - DEVICE_KEPT_MS).toISOString(), SWEEP_MAX],
        );
        return gone.length;
      }).pipe(Effect.mapError(storeUnavailable)),
    };
  }),
);
