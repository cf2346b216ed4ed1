import { performance } from "node:perf_hooks";
import { hash, verify } from "@node-rs/argon2";
import { closedLoop } from "./measure.ts";

/* argon2id verifies and nothing else, in a process of its own, so many at once: what sign-ins are
 * measured against. One JSON argument says how, one JSON line is the answer. */

export type RawArgon2 = {
  readonly phcCost: { readonly memoryCost: number; readonly timeCost: number };
  readonly atOnce: number;
  readonly measureMs: number;
};

async function run({ phcCost, atOnce, measureMs }: RawArgon2) {
  const stored = await hash("correct horse battery staple", { ...phcCost, parallelism: 1 });
  const one = () => verify(stored, "correct horse battery staple");
  const begun = performance.now();
  await one();
  // As many as about fill the time; what completed is divided by the time that it took.
  const count = Math.ceil((atOnce * measureMs) / (performance.now() - begun));
  return closedLoop(atOnce, count, one);
}

if (import.meta.main) {
  const measured = await run(JSON.parse(process.argv[2] ?? "") as RawArgon2);
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}
