import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { LogoutNotices, NOTICES_EXPIRED_MAX, type QueuedNotice } from "../ports/logout-notices.ts";

type Kept = QueuedNotice & { attempts: number; nextMs: number };

/** Notices in a `Map`. */
export const layer: Layer.Layer<LogoutNotices> = Layer.sync(LogoutNotices, () => {
  const rows = new Map<string, Kept>();
  const due = (now: number, except: ReadonlyArray<string>): ReadonlyArray<Kept> => {
    const first = new Map<string, Kept>();
    for (const kept of rows.values()) {
      const before = first.get(kept.clientId);
      if (kept.nextMs > now || except.includes(kept.clientId)) continue;
      if (before === undefined || kept.nextMs < before.nextMs) first.set(kept.clientId, kept);
    }
    return [...first.values()].toSorted((one, other) => one.nextMs - other.nextMs);
  };
  return {
    put: (notices) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        for (const notice of notices) {
          if (!rows.has(notice.id)) rows.set(notice.id, { ...notice, attempts: 0, nextMs: now });
        }
      }),
    claim: ({ limit, leaseMs, except }) =>
      Effect.map(Clock.currentTimeMillis, (now) =>
        due(now, except)
          .slice(0, limit)
          .map((kept) => {
            kept.attempts++;
            kept.nextMs = now + leaseMs;
            const { id, clientId, userId, sid, attempts } = kept;
            return { id, clientId, userId, sid, attempts };
          }),
      ),
    postpone: ({ id, attempts }, nextAtMs) =>
      Effect.sync(() => {
        const kept = rows.get(id);
        if (kept?.attempts === attempts) kept.nextMs = nextAtMs;
      }),
    remove: (id) => Effect.sync(() => void rows.delete(id)),
    expire: Effect.map(Clock.currentTimeMillis, (now) => {
      const over = [...rows.values()]
        .filter(({ expiresAtMs }) => expiresAtMs <= now)
        .slice(0, NOTICES_EXPIRED_MAX);
      for (const { id } of over) rows.delete(id);
      return over.map(({ clientId }) => clientId);
    }),
  };
});
