import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { GuestBook } from "../../adapters/ports/guest-book.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import type { RequestContext } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import { startSession } from "../session/lifecycle.ts";
import { chargeGuest } from "../throttles/charge-guest.ts";
import { GUEST_LIMIT } from "../throttles/limits.ts";
import { commandUser } from "../users/command-user.ts";
import { settled } from "../users/settled.ts";
import { showUser } from "../users/show-user.ts";
import { UserAnswer } from "../users/user-view.ts";
import { endGuest } from "./end-guest.ts";
import { guestLimits } from "./guest-limits.ts";

export const admitGuest = publicRoute({
  method: "POST",
  path: "/v1/guest",
  summary: "An identity without a form; a later sign-up keeps it",
  ownPersonOnly: true,
  responses: {
    200: { description: "Already a guest", schema: UserAnswer },
    201: { description: "Admitted", schema: UserAnswer },
  },
  problems: { 409: ["already_signed_in"] },
  handler: (call) =>
    Effect.gen(function* () {
      if (call.caller?.user.guest === false) return yield* refuse(409, "already_signed_in");
      if (call.caller !== undefined) {
        const user = yield* showUser(call.caller.userId, undefined);
        return { status: 200, body: { user } };
      }
      const { perAddressPerHour, max } = yield* guestLimits;
      yield* chargeGuest(call, { ...GUEST_LIMIT, max: perAddressPerHour });
      const userId = crypto.randomUUID();
      const command = { type: "AdmitGuest" } as const;
      // Every identity is born with its key: two requests at once could not both make one later.
      const { row } = (yield* Sealer).mint(`user:${userId}`);
      const along = () => ({ dataKeys: { create: [row] } });
      const { outcome, position } = yield* commandUser(call, { userId, command, along });
      yield* settled(outcome);
      yield* makeRoom(call, userId, max);
      const user = yield* showUser(userId, position);
      const cookies = yield* startSession(call, { userId, method: "guest" });
      return { status: 201, body: { user }, position, cookies };
    }),
});

/** Evictions at once; the newcomer waits for them. */
const CONCURRENCY = 4;

/** Past the maximum the guests unseen for longest go. One that fails is tried again by others. */
const makeRoom = (context: RequestContext, userId: string, max: number) =>
  Effect.gen(function* () {
    const nowMs = yield* Clock.currentTimeMillis;
    const leaving = yield* (yield* GuestBook).admit({ userId, nowMs, max });
    const actor = "process:evict-guests";
    yield* Effect.forEach(
      leaving,
      (guest) => Effect.ignore(endGuest(context, { userId: guest, type: "EvictGuest", actor })),
      { concurrency: CONCURRENCY, discard: true },
    );
  });
