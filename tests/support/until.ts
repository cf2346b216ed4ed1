/** Long enough for a busy machine; what is waited for is usually there at once. */
const DEADLINE_MS = 15_000;
const LOOK_MS = 10;

/** Waits until the condition gives an answer, which it looks for again and again. */
export async function until<A>(look: () => Promise<A | undefined | false>): Promise<A> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
