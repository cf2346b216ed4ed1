import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { Answers, type Earlier } from "../ports/answers.ts";

/** A client that retries does so within a day; later the key counts as new. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** A request that died half-way may be tried again after this. */
const UNANSWERED_MS = 60 * 1000;

type Kept = { readonly body: string; readonly since: number; readonly answer?: Uint8Array };

/** Idempotency answers in a `Map`. */
export const layer: Layer.Layer<Answers> = Layer.sync(Answers, () => {
  const kept = new Map<string, Kept>();
  return {
    begin: Effect.fnUntraced(function* (key, body): Effect.fn.Return<Earlier> {
      const now = yield* Clock.currentTimeMillis;
      for (const [oldest, { since }] of kept) {
        if (now - since < KEPT_MS) break;
        kept.delete(oldest);
      }
      const earlier = kept.get(key);
      const died = earlier?.answer === undefined && now - (earlier?.since ?? 0) > UNANSWERED_MS;
      if (earlier === undefined || died) {
        kept.delete(key);
        kept.set(key, { body, since: now });
        return { state: "new" };
      }
      if (earlier.body !== body) return { state: "other-body" };
      const { answer } = earlier;
      return answer === undefined ? { state: "running" } : { state: "answered", answer };
    }),
    keep: (key, answer) =>
      Effect.sync(() => {
        const earlier = kept.get(key);
        if (earlier !== undefined) kept.set(key, { ...earlier, answer });
      }),
    forget: (key) => Effect.sync(() => void kept.delete(key)),
  };
});
