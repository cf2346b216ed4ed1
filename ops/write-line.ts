import type { Writable } from "node:stream";
import * as Effect from "effect/Effect";

/** Writes one line; goes on once the stream has room again, or is gone. */
export const writeLine = (stream: Writable, line: string): Effect.Effect<void> =>
  Effect.suspend(() =>
    stream.writableEnded || stream.destroyed || stream.write(`${line}\n`)
      ? Effect.void
      : roomAgain(stream),
  );

const roomAgain = (stream: Writable): Effect.Effect<void> =>
  Effect.callback((resume) => {
    const done = () => {
      stream.off("drain", done).off("close", done).off("error", done);
      resume(Effect.void);
    };
    stream.on("drain", done).on("close", done).on("error", done);
    return Effect.sync(done);
  });
