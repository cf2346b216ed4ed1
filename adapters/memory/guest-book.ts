import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { EVICTED_MAX, GuestBook, LEAVING_MS_MAX } from "../ports/guest-book.ts";

type Guest = { seenMs: number; leavingMs: number | undefined };

/** The guest book in a `Map`. */
export const layer: Layer.Layer<GuestBook> = Layer.sync(GuestBook, () => {
  const guests = new Map<string, Guest>();
  const enter = (userId: string, seenMs: number) => {
    if (!guests.has(userId)) guests.set(userId, { seenMs, leavingMs: undefined });
  };
  return {
    admit: ({ userId, nowMs, max }) =>
      Effect.sync(() => {
        enter(userId, nowMs);
        const present = [...guests].filter(([, { leavingMs }]) => leavingMs === undefined);
        const tooMany = Math.min(Math.max(present.length - max, 0), EVICTED_MAX);
        const idle = present
          .filter(([id]) => id !== userId)
          .sort(([, one], [, other]) => one.seenMs - other.seenMs)
          .slice(0, tooMany);
        const late = [...guests]
          .filter(([, { leavingMs = nowMs }]) => leavingMs < nowMs - LEAVING_MS_MAX)
          .slice(0, EVICTED_MAX);
        return [...idle, ...late].map(([id, guest]) => {
          guest.leavingMs = nowMs;
          return id;
        });
      }),
    enter: (userId, seenMs) => Effect.sync(() => enter(userId, seenMs)),
    seen: (userId, seenMs) =>
      Effect.sync(() => {
        const guest = guests.get(userId);
        if (guest !== undefined) guest.seenMs = Math.max(guest.seenMs, seenMs);
      }),
    leave: (userId) => Effect.sync(() => void guests.delete(userId)),
  };
});
