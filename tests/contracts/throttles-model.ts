import type { ThrottleLimit } from "../../adapters/ports/throttles.ts";

export type Step =
  | { readonly type: "charge" }
  | { readonly type: "forgive" }
  | { readonly type: "wait"; readonly ms: number };

/**
 * Which charges pass, by the words of the port: the whole history is kept and asked each time, and
 * nothing is computed ahead.
 */
export function expected(limit: ThrottleLimit, steps: ReadonlyArray<Step>): ReadonlyArray<boolean> {
  const { max, windowMs, delayMaxMs } = limit;
  const answers: Array<boolean> = [];
  let now = 0;
  let passed: Array<number> = [];
  /** Strikes just after each charge that passed. */
  let strikes: Array<number> = [];
  for (const step of steps) {
    switch (step.type) {
      case "wait":
        now += step.ms;
        break;
      case "forgive":
        passed = [];
        strikes = [];
        break;
      case "charge": {
        const last = passed.at(-1);
        let passes: boolean;
        let level = 0;
        if (delayMaxMs === undefined) {
          passes = passed.filter((at) => now - at < windowMs).length < max;
        } else {
          level = strikes.at(-1) ?? 0;
          for (let quiet = now - (last ?? now); quiet >= delayMaxMs; quiet -= delayMaxMs) level--;
          level = Math.max(0, level);
          let delay = windowMs;
          for (let n = max; n < level; n++) delay = Math.min(2 * delay, delayMaxMs);
          passes = level < max || now - (last ?? 0) >= delay;
        }
        answers.push(passes);
        if (passes) {
          passed.push(now);
          // 10 s, 20 s, 40 s: two doublings reach the longest delay.
          const doublings = delayMaxMs === undefined ? 0 : Math.log2(delayMaxMs / windowMs);
          strikes.push(Math.min(level + 1, max + doublings));
        }
        break;
      }
      default:
        step satisfies never;
    }
  }
  return answers;
}
