/**
 * On Deno one round shows that the runtime does it too; the rare interleaving is sought on Node.
 */
const ROUNDS_DEFAULT = "Deno" in globalThis ? 1 : 5;

/** How often each fault test tries; `AUTHLEDGER_TEST_ROUNDS` asks for more. */
export const ROUNDS = Number(process.env["AUTHLEDGER_TEST_ROUNDS"] ?? ROUNDS_DEFAULT);

/** A round takes seconds on two busy cores, and the first has to start what it needs. */
const ROUND_TIMEOUT_MS = 20_000;
export const ROUNDS_TIMEOUT_MS = 60_000 + ROUNDS * ROUND_TIMEOUT_MS;

/** Says what a test ran on and measured. */
export const say = (line: string): void => void process.stdout.write(`faults: ${line}\n`);
