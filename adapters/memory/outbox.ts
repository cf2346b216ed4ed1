import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import {
  COUNTED_MAX,
  EXPIRED_KEPT_MS,
  FAILING_ATTEMPTS,
  OUTBOX_KEPT_MS,
  Outbox,
  type OutboxRow,
  UNRECORDED_KEPT_MS,
} from "../ports/outbox.ts";

const timeOf = (ms: number) => new Date(ms).toISOString();
const now = Effect.map(Clock.currentTimeMillis, (ms) => ({ ms, at: timeOf(ms) }));
const placeOf = ({ queuedAt, id }: OutboxRow) => `${queuedAt}_${id}`;

/** Mails to be sent, in a `Map`. */
export const layer: Layer.Layer<Outbox> = Layer.sync(Outbox, () => {
  const rows = new Map<string, OutboxRow>();
  const key = ({ ledger, id }: Pick<OutboxRow, "ledger" | "id">) => `${ledger} ${id}`;
  const due = (at: string) =>
    [...rows.values()]
      .filter(({ state, nextAt }) => state === "waiting" && nextAt <= at)
      .toSorted((one, other) => (one.nextAt < other.nextAt ? -1 : 1));
  return {
    put: (queued) =>
      Effect.sync(() => {
        for (const row of queued) {
          if (rows.has(key(row))) continue;
          rows.set(key(row), { ...row, state: "waiting", attempts: 0, nextAt: row.queuedAt });
        }
      }),
    claim: ({ limit, leaseMs }) =>
      Effect.map(now, ({ ms, at }) =>
        due(at)
          .slice(0, limit)
          .map((row) => {
            const claimed = { ...row, attempts: row.attempts + 1, nextAt: timeOf(ms + leaseMs) };
            rows.set(key(row), claimed);
            return claimed;
          }),
      ),
    noteSent: (claimed) =>
      Effect.map(now, ({ at }) => {
        const row = rows.get(key(claimed));
        if (row !== undefined) rows.set(key(row), { sentAt: at, ...row });
      }),
    settle: (claimed, settlement) =>
      Effect.sync(() => {
        const row = rows.get(key(claimed));
        if (row?.state !== "waiting" || row.attempts !== claimed.attempts) return;
        const { code: _, ...rest } = row;
        rows.set(key(row), { ...rest, ...settlement });
      }),
    status: Effect.sync(() => {
      const waiting = [...rows.values()].filter(({ state }) => state === "waiting");
      const unsent = waiting.filter(({ sentAt }) => sentAt === undefined);
      const failing = unsent.filter(
        ({ code, attempts }) => code !== undefined && attempts >= FAILING_ATTEMPTS,
      );
      const [untriedSince] = unsent
        .filter(({ code }) => code === undefined)
        .map(({ queuedAt }) => queuedAt)
        .toSorted();
      return {
        waiting: Math.min(waiting.length, COUNTED_MAX),
        failing: Math.min(failing.length, COUNTED_MAX),
        ...(untriedSince === undefined ? {} : { untriedSince }),
      };
    }),
    counts: Effect.sync(() => {
      const counts = { waiting: 0, sent: 0, failed: 0, dropped: 0 };
      for (const { state } of rows.values()) {
        counts[state] = Math.min(counts[state] + 1, COUNTED_MAX);
      }
      return counts;
    }),
    list: ({ state, recipient, limit, cursor }) =>
      Effect.sync(() => {
        const found = [...rows.values()]
          .filter((row) => state === undefined || row.state === state)
          .filter((row) => recipient === undefined || row.recipient === recipient)
          .filter((row) => cursor === undefined || placeOf(row) < cursor)
          .toSorted((one, other) => (placeOf(one) < placeOf(other) ? 1 : -1));
        const items = found.slice(0, limit);
        const last = found.length > limit ? items.at(-1) : undefined;
        return last === undefined ? { items } : { items, nextCursor: placeOf(last) };
      }),
    sweep: Effect.map(now, ({ ms }) => {
      const before = rows.size;
      let ended = 0;
      for (const [at, row] of rows) {
        const kept = row.sentAt === undefined ? EXPIRED_KEPT_MS : UNRECORDED_KEPT_MS;
        if (row.state === "waiting" && row.expiresAt < timeOf(ms - kept)) {
          const code = row.sentAt === undefined ? "expired" : "unrecorded";
          rows.set(at, { ...row, state: "failed", code });
          ended++;
        } else if (row.state !== "waiting" && row.queuedAt < timeOf(ms - OUTBOX_KEPT_MS)) {
          rows.delete(at);
        }
      }
      return before - rows.size + ended;
    }),
  };
});
