const POLL_MS = 10;
/** Far beyond what a healthy server on a busy machine needs, far below a test's own time-out. */
const DEADLINE_MS = 30_000;

/**
 * Asks until the answer is not undefined.
 *
 * Errors: past the deadline it throws, with what was waited for.
 */
export const eventually = async <A>(
  what: string,
  ask: () => Promise<A | undefined> | A | undefined,
  deadlineMs: number = DEADLINE_MS,
): Promise<A> => {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`Waited ${deadlineMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
};

/** `eventually` for a condition. */
export const until = (what: string, holds: () => boolean, deadlineMs?: number): Promise<true> =>
  eventually(what, () => (holds() ? true : undefined), deadlineMs);
