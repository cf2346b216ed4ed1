import * as Effect from "effect/Effect";

/**
 * How far each read model has come, as far as this process knows: told by its own runner at once,
 * by the notifications of another process's, and by whoever looked into the database.
 */
export type Watermarks = {
  readonly reached: (model: string) => number;
  readonly raise: (model: string, position: number) => void;
  /** What is stored is behind what was known: the database lost its last moments. */
  readonly reset: (model: string, position: number) => void;
  /** Resolves when the model is known to have reached the position; interruptible. */
  readonly until: (model: string, position: number) => Effect.Effect<void>;
};

export function watermarks(): Watermarks {
  const positions = new Map<string, number>();
  const waiting = new Map<string, Set<{ readonly position: number; readonly wake: () => void }>>();
  const reached = (model: string) => positions.get(model) ?? 0;
  return {
    reached,
    reset: (model, position) => positions.set(model, position),
    raise: (model, position) => {
      if (position <= reached(model)) return;
      positions.set(model, position);
      const waiters = waiting.get(model);
      // Taken out first: waking one may run code that asks again.
      const due = [...(waiters ?? [])].filter((waiter) => waiter.position <= position);
      for (const waiter of due) waiters?.delete(waiter);
      for (const { wake } of due) wake();
    },
    until: (model, position) =>
      Effect.callback<void>((resume) => {
        if (reached(model) >= position) return resume(Effect.void);
        const waiters = waiting.get(model) ?? new Set();
        waiting.set(model, waiters);
        const waiter = { position, wake: () => resume(Effect.void) };
        waiters.add(waiter);
        return Effect.sync(() => waiters.delete(waiter));
      }),
  };
}
