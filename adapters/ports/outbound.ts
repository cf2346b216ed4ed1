import * as Context from "effect/Context";
import * as Data from "effect/Data";

/** Why a request of ours was not made, or its answer not taken. */
export type OutboundRefusal =
  /** Not `https:`, nor `http:` to an address that the operator allows; or a user in the URL. */
  | "bad_url"
  /** The address that the name led to is private or special, and not one of the allowed. */
  | "address_refused"
  /** Nothing answered, or not by TLS as it should. */
  | "unreachable"
  /** It took longer than it may, or than the caller would wait. */
  | "timed_out"
  /** It wanted us to go elsewhere. */
  | "redirected"
  /** The answer is larger than it may be. */
  | "too_large";

/** A request of ours to somebody else's server came to nothing; its message names no address. */
export class OutboundError extends Data.TaggedError("OutboundError")<{
  readonly refusal: OutboundRefusal;
}> {
  override get message() {
    return `Cannot ask another server: ${this.refusal}`;
  }
}

export type OutboundInit = {
  readonly method?: "GET" | "POST";
  /** Those that are the connection's own, `host` among them, are left out; empty ones too. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Bytes of the answer's body at most. */
  readonly bytesMax?: number;
  /** For the whole exchange, in milliseconds. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
};

/**
 * Every request of ours to somebody else's server: issuers, keys, logouts, later webhooks and
 * hooks. The address is checked on the socket that was connected, so no name can lead elsewhere
 * between the check and the use; nothing was sent over it before. No redirect is followed, and
 * the answer is complete when it is given out. A status of 400 and more is an answer too.
 *
 * Errors: rejects with `OutboundError`.
 */
export class Outbound extends Context.Service<
  Outbound,
  { readonly fetch: (url: string | URL, init?: OutboundInit) => Promise<Response> }
>()("authledger/adapters/ports/Outbound") {}
