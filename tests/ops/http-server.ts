import { once } from "node:events";
import * as Effect from "effect/Effect";
import { type FetchHandler, httpListener } from "../../ops/http-listener.ts";

/** Started by the tests of the listener: answers at once, once it is to stop, or never. */
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());

const handler: FetchHandler = async (request, { remoteAddress, stopping }) => {
  const { pathname } = new URL(request.url);
  process.stdout.write(`got ${pathname}\n`);
  if (pathname === "/never") await new Promise(() => {});
  if (pathname === "/slow") await once(stopping, "abort");
  return Response.json({ from: remoteAddress, body: await request.text() });
};

const serve = Effect.gen(function* () {
  yield* Effect.addFinalizer(() => Effect.sync(() => process.stdout.write("released\n")));
  const { port } = yield* httpListener({
    host: "127.0.0.1",
    port: Number(process.argv[2]),
    handler,
    stopDeadlineMs: 1_000,
  });
  process.stdout.write(`listening ${port}\n`);
  return yield* Effect.never;
});
const exit = await Effect.runPromiseExit(Effect.scoped(serve), { signal: stop.signal });
if (exit._tag === "Failure" && !stop.signal.aborted) {
  process.stderr.write(
    `${String(exit.cause.reasons.map((each) => "error" in each && each.error))}`,
  );
}
process.exit(stop.signal.aborted ? 0 : 2);
