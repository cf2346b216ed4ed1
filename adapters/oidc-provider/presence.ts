import type { IncomingMessage } from "node:http";
import type { KoaContextWithOIDC } from "oidc-provider";
import { invariant } from "../../domain/invariant.ts";
import type { OpenidSession, ProtocolRequest } from "../ports/openid-host.ts";
import { Provider } from "./engine.ts";

/** Who and what stands behind a request that the engine works on. */
export type Presence = {
  readonly request: ProtocolRequest;
  /** The live session that the browser's own cookie presents. */
  readonly session: OpenidSession | undefined;
  /** What the engine is told its session cookie holds, in this one request. */
  readonly cookie: string;
  /** `Set-Cookie` values of ours that go with the answer. */
  readonly cookies: Array<string>;
};

const presences = new WeakMap<IncomingMessage, Presence>();

export function setPresence(incoming: IncomingMessage, presence: Presence): void {
  presences.set(incoming, presence);
}

/** Of the context that is given, else of the one that is being worked on. */
export function presenceOf(ctx: { readonly req: IncomingMessage } | undefined): Presence {
  const presence = ctx && presences.get(ctx.req);
  invariant(presence !== undefined, "the engine works on requests that were given to it");
  return presence;
}

/** The context of the request that is being worked on; undefined outside one. */
export function workedOn(): KoaContextWithOIDC | undefined {
  return Provider.ctx;
}
