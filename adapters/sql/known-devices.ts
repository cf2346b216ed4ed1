import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { deviceMark, deviceOwner } from "../crypto/device-mark.ts";
import { Keyring } from "../ports/keyring.ts";
import { DEVICE_KEPT_MS, DEVICES_MAX, KnownDevices, SWEEP_MAX } from "../ports/known-devices.ts";
import { StoreUnavailable } from "../ports/store-unavailable.ts";
import { Database } from "./database.ts";

const failed = (cause: unknown) => new StoreUnavailable({ cause });

const seen = `INSERT INTO authledger.known_devices AS d (ledger, owner, device, seen_at)
  SELECT 'activity', $1, m.device, $3 FROM unnest($2::TEXT[]) AS m(device)
  ON CONFLICT (ledger, owner, device) DO UPDATE SET seen_at = excluded.seen_at`;

/** Known devices in a table. */
export const layer: Layer.Layer<KnownDevices, never, Database | Keyring> = Layer.effect(
  KnownDevices,
  Effect.gen(function* () {
    const { query } = yield* Database;
    const keyring = yield* Keyring;
    return {
      recognise: (userId, marks) =>
        Effect.gen(function* () {
          const at = new Date(yield* Clock.currentTimeMillis).toISOString();
          const owner = deviceOwner(keyring, userId);
          const devices = [...new Set(marks.map((mark) => deviceMark(keyring, userId, mark)))];
          const before = yield* query<{ device: string }>(
            `SELECT device FROM authledger.known_devices
             WHERE ledger = 'activity' AND owner = $1 ORDER BY seen_at DESC`,
            [owner],
          );
          yield* query(seen, [owner, devices, at]);
          if (before.length + devices.length > DEVICES_MAX) {
            yield* query(
              `DELETE FROM authledger.known_devices WHERE ledger = 'activity' AND owner = $1
               AND device NOT IN (SELECT device FROM authledger.known_devices
                 WHERE ledger = 'activity' AND owner = $1 ORDER BY seen_at DESC LIMIT $2)`,
              [owner, DEVICES_MAX],
            );
          }
          if (before.length === 0) return "first" as const;
          const known = before.some(({ device }) => devices.includes(device));
          return known ? ("known" as const) : ("new" as const);
        }).pipe(Effect.mapError(failed)),
      forget: (userId) =>
        query("DELETE FROM authledger.known_devices WHERE ledger = 'activity' AND owner = $1", [
          deviceOwner(keyring, userId),
        ]).pipe(Effect.mapError(failed), Effect.asVoid),
      sweep: Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis;
        const gone = yield* query(
          `DELETE FROM authledger.known_devices WHERE (ledger, owner, device) IN (
             SELECT ledger, owner, device FROM authledger.known_devices WHERE seen_at < $1
             ORDER BY seen_at LIMIT $2) RETURNING 1`,
          [new Date(now - DEVICE_KEPT_MS).toISOString(), SWEEP_MAX],
        );
        return gone.length;
      }).pipe(Effect.mapError(failed)),
    };
  }),
);
