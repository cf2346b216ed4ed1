/** How long an answer is remembered: what somebody asks for again within one visit. */
const KEPT_MS = 60_000;

type Kept<Value> = { readonly value: Value; readonly untilMs: number };

/** The last answers of a function that costs more than looking them up. */
export type Recent<Value> = {
  readonly get: (key: string) => Value | undefined;
  readonly keep: (key: string, value: Value) => void;
};

/**
 * Remembers `max` answers at most, each for a minute. What is over is let go of when something
 * new comes.
 */
export function recent<Value>(
  max: number,
  nowMs: () => number = () => performance.now(),
): Recent<Value> {
  // In the order in which they came: the first are over first.
  const kept = new Map<string, Kept<Value>>();
  return {
    get: (key) => {
      const found = kept.get(key);
      return found !== undefined && found.untilMs > nowMs() ? found.value : undefined;
    },
    keep: (key, value) => {
      const now = nowMs();
      kept.delete(key);
      for (const [oldest, { untilMs }] of kept) {
        if (kept.size < max && untilMs > now) break;
        kept.delete(oldest);
      }
      kept.set(key, { value, untilMs: now + KEPT_MS });
    },
  };
}
