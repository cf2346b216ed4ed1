import * as Effect from "effect/Effect";
import type { Database } from "./database.ts";

const CHANNEL = "authledger_read";

/** It says nothing that must outlive a crash, so it waits for no disk with its lock in hand. */
const SEND = "SELECT pg_notify($1, $2), set_config('synchronous_commit', 'off', TRUE)";

/**
 * Tells the other processes of a server how far models have come: behind the writes and not in
 * them, one notification at a time with all that has come together meanwhile. One that is lost
 * costs a waiting reader its next look.
 */
export function announcer(
  database: Database["Service"],
): (model: string, position: number) => void {
  // PGlite has no other process.
  if (database.kind === "pglite") return () => {};
  let waiting = new Map<string, number>();
  let sending = false;
  const send: Effect.Effect<void> = Effect.suspend(() => {
    if (waiting.size === 0) {
      sending = false;
      return Effect.void;
    }
    const payload = [...waiting].map(([model, position]) => `${model}:${position}`).join(",");
    waiting = new Map();
    return database.query(SEND, [CHANNEL, payload]).pipe(Effect.ignore, Effect.andThen(send));
  });
  return (model, position) => {
    waiting.set(model, position);
    if (sending) return;
    sending = true;
    // A microtask later: all that came with one batch goes together.
    queueMicrotask(() => Effect.runFork(send));
  };
}

/** Hears what other processes announce, until the scope closes. */
export const listen = (
  database: Database["Service"],
  heard: (model: string, position: number) => void,
) =>
  database.listen(CHANNEL, (payload) => {
    for (const one of payload.split(",")) {
      const [model = "", position] = one.split(":");
      if (position !== undefined) heard(model, Number(position));
    }
  });
