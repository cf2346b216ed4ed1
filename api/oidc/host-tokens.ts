import * as Effect from "effect/Effect";
import { tokenCodec } from "../../adapters/codec/token.ts";
import { rotationCodec, tokenFamilyCodec } from "../../adapters/codec/token-family.ts";
import type { ProtocolRequest, RefreshFamily } from "../../adapters/ports/openid-host.ts";
import { transact } from "../../adapters/transact.ts";
import type { Actor, LedgerName } from "../../domain/ledger/entry.ts";
import { type TokenEvent, token } from "../../domain/token/mod.ts";
import { type FamilyEndReason, rotation, tokenFamily } from "../../domain/token-family/mod.ts";
import { metaOf } from "../http/meta.ts";

/** The token endpoints themselves act where it is not known for whom. */
const PROTOCOL = "process:openid";

/** Writes down what happened to a token, in activity; answers when it is there. */
export const recordToken = (request: ProtocolRequest, event: TokenEvent) =>
  Effect.gen(function* () {
    const { clientId } = event;
    yield* transact({
      decider: token,
      codec: tokenCodec,
      id: clientId ?? "unknown",
      requestId: `${request.requestId}/${event.type}`,
      command: { type: "Record", event },
      meta: yield* metaFor(request, clientId, "activity"),
      expect: "any",
    });
  });

export const openFamily = (request: ProtocolRequest, family: RefreshFamily) =>
  Effect.gen(function* () {
    const { familyId, expiresAtMs, ...opened } = family;
    yield* transact({
      decider: tokenFamily,
      codec: tokenFamilyCodec,
      id: familyId,
      requestId: `${request.requestId}/family`,
      command: {
        type: "OpenFamily",
        ...opened,
        expiresAt: new Date(expiresAtMs).toISOString(),
      },
      meta: yield* metaFor(request, family.clientId, "identity"),
    });
  });

/** Writes down that a line of refresh tokens is over; one that was never opened has no line. */
export const revokeFamily = (
  request: ProtocolRequest,
  { familyId, reason }: { readonly familyId: string; readonly reason: FamilyEndReason },
) =>
  Effect.gen(function* () {
    yield* transact({
      decider: tokenFamily,
      codec: tokenFamilyCodec,
      id: familyId,
      requestId: `${request.requestId}/family-end`,
      command: reason === "reuse" ? { type: "DetectReuse" } : { type: "RevokeFamily", reason },
      meta: yield* metaFor(request, undefined, "identity"),
    });
  });

type Rotated = {
  readonly familyId: string;
  readonly clientId: string;
  readonly rotations: number;
};

export const recordRotation = (
  request: ProtocolRequest,
  { familyId, clientId, rotations }: Rotated,
) =>
  Effect.gen(function* () {
    yield* transact({
      decider: rotation,
      codec: rotationCodec,
      id: familyId,
      requestId: `${request.requestId}/rotation`,
      command: { type: "RotateToken", clientId, rotations },
      meta: yield* metaFor(request, clientId, "activity"),
      expect: "any",
    });
  });

const metaFor = (request: ProtocolRequest, clientId: string | undefined, ledger: LedgerName) => {
  const actor: Actor = clientId === undefined ? PROTOCOL : `client:${clientId}`;
  const { requestId, address, headers } = request;
  // No `Headers`: to make one costs more than all that is read of it.
  const asked = { get: (name: string) => [headers[name]].flat()[0] ?? null };
  return metaOf({ requestId, address, headers: asked, caller: undefined }, actor, ledger);
};
