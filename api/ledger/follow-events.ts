import * as Duration from "effect/Duration";
import * as Effect from "effect/Effect";
import * as Stream from "effect/Stream";
import { z } from "zod";
import { type Cursor, type Ledger, Ledgers, START } from "../../adapters/ports/ledger.ts";
import { PastHead } from "../../adapters/ports/read-models.ts";
import { parsePosition } from "../http/positions.ts";
import { refuse } from "../http/problem.ts";
import { route } from "../http/route.ts";
import { whole } from "../http/schemas.ts";
import type { Services } from "../http/services.ts";
import { authenticate } from "../session/authenticate.ts";
import { AUDITOR, passGate } from "../session/gate.ts";
import { viewEvents } from "./event-view.ts";

/** Proxies drop a silent connection after 30 to 60 s; this is also how soon lost rights act. */
const HEARTBEAT = Duration.seconds(10);

/** How soon a client comes back, in milliseconds. */
const RETRY_MS = 2_000;

export const followEvents = route({
  method: "GET",
  path: "/v1/ledger/follow",
  summary: "Events as they are appended, for ever (server-sent events)",
  auth: AUDITOR,
  query: z.strictObject({
    from: whole(1).exactOptional(),
    ledger: z.enum(["identity", "activity"]).exactOptional(),
  }),
  responses: {
    200: {
      description: "One message an event: `id` is the position, `data` the event",
      contentType: "text/event-stream",
      schema: z.string(),
    },
  },
  handler: ({ query, headers, presented, stopping }) =>
    Effect.gen(function* () {
      const ledger = (yield* Ledgers)[query.ledger ?? "identity"];
      const last = headers.get("last-event-id");
      const after = last === null ? (query.from ?? 1) - 1 : parsePosition(last);
      if (after === undefined) {
        return yield* refuse(400, "invalid_field", { field: "last-event-id" });
      }
      const cursor = yield* cursorAfter(ledger, after);
      const context = yield* Effect.context<Services>();
      const stillAllowed = Effect.flatMap(authenticate(presented), (caller) =>
        passGate({ auth: AUDITOR }, caller),
      );
      const events = ledger.follow(cursor).pipe(
        Stream.mapEffect((records) =>
          Effect.gen(function* () {
            yield* stillAllowed;
            return (yield* viewEvents(records)).map(message).join("");
          }),
        ),
      );
      const heartbeats = Stream.tick(HEARTBEAT).pipe(
        Stream.drop(1),
        Stream.mapEffect(() => Effect.as(stillAllowed, ": still here\n\n")),
      );
      const text = Stream.make(`retry: ${RETRY_MS}\n\n`).pipe(
        Stream.concat(Stream.merge(events, heartbeats)),
        Stream.interruptWhen(aborted(stopping)),
        // Whatever ends it, the client comes back with its last id and is told why then.
        Stream.catchCause(() => Stream.empty),
        Stream.encodeText,
        Stream.provideContext(context),
      );
      return { status: 200, events: Stream.toReadableStream(text) };
    }),
});

/** The cursor of a position in this history; past the head there is none. */
const cursorAfter = (ledger: Ledger, position: number) =>
  Effect.gen(function* () {
    if (position === 0) return START;
    const head = yield* ledger.head;
    const [record] = yield* ledger.at([position]);
    if (record === undefined) {
      return yield* new PastHead({ wanted: position, head: head.position });
    }
    return { position, leaf: record.leaf, epoch: head.epoch } satisfies Cursor;
  });

/** Returns when the signal aborts; never without one. */
const aborted = (signal: AbortSignal | undefined): Effect.Effect<void> =>
  signal === undefined
    ? Effect.never
    : Effect.callback((resume) => {
        if (signal.aborted) return resume(Effect.void);
        const listener = () => resume(Effect.void);
        signal.addEventListener("abort", listener, { once: true });
        return Effect.sync(() => signal.removeEventListener("abort", listener));
      });

function message(event: { readonly position?: unknown; readonly type?: unknown }): string {
  return `id: ${event.position}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
