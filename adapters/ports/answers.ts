import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { StoreUnavailable } from "./store-unavailable.ts";

/** What an earlier request with the same idempotency key came to. */
export type Earlier =
  /** First seen now: go on, then `keep` the answer or `forget` it. */
  | { readonly state: "new" }
  | { readonly state: "running" }
  | { readonly state: "other-body" }
  | { readonly state: "answered"; readonly answer: Uint8Array };

/**
 * Idempotency answers: volatile, kept 24 h, shared by all processes. `key` is a digest scoped to
 * caller and route; `body` is a digest of the request body; `answer` is sealed by the caller.
 */
export class Answers extends Context.Service<
  Answers,
  {
    readonly begin: (key: string, body: string) => Effect.Effect<Earlier, StoreUnavailable>;
    readonly keep: (key: string, answer: Uint8Array) => Effect.Effect<void, StoreUnavailable>;
    /** The request failed before it changed anything: the next try is new. */
    readonly forget: (key: string) => Effect.Effect<void, StoreUnavailable>;
  }
>()("authledger/adapters/ports/Answers") {}
