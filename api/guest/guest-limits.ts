import * as Effect from "effect/Effect";
import { z } from "zod";
import { guestsCodec } from "../../adapters/codec/guests.ts";
import { load, transact } from "../../adapters/transact.ts";
import { GUESTS, guests } from "../../domain/guests/mod.ts";
import { metaOf } from "../http/meta.ts";
import { route } from "../http/route.ts";
import { ARCHITECT } from "../session/gate.ts";

/** Past these a limit limits nothing. */
const PER_HOUR_MAX = 100_000;
const GUESTS_MAX = 1_000_000;

const Limits = z
  .strictObject({
    perAddressPerHour: z.int().min(1).max(PER_HOUR_MAX),
    max: z.int().min(1).max(GUESTS_MAX),
  })
  .meta({ title: "GuestLimits" });

/** How many guests there may be now, from the stream itself. */
export const guestLimits = Effect.map(
  load({ decider: guests, codec: guestsCodec }, GUESTS),
  ({ state }) => state,
);

const responses = { 200: { description: "The limits as they are now", schema: Limits } };

export const getGuestLimits = route({
  method: "GET",
  path: "/v1/guests/limits",
  summary: "How many guests one address makes in an hour, and how many there are at most",
  auth: ARCHITECT,
  responses,
  handler: () => Effect.map(guestLimits, (body) => ({ status: 200, body })),
});

export const putGuestLimits = route({
  method: "PUT",
  path: "/v1/guests/limits",
  summary: "Revise the limits of guests; from the next guest on they hold",
  auth: ARCHITECT,
  body: Limits,
  responses,
  handler: (call) =>
    Effect.gen(function* () {
      const { body } = call;
      const { position } = yield* transact({
        decider: guests,
        codec: guestsCodec,
        id: GUESTS,
        requestId: `${call.commandId}/guests`,
        command: { type: "ReviseLimits", ...body },
        meta: yield* metaOf(call, `user:${call.caller.userId}`),
      });
      return { status: 200, body, position };
    }),
});
