import type * as Effect from "effect/Effect";

/** What proves that a person owns the server. Where it is kept is the operator's business. */
export type SetupToken = {
  /** Compares in constant time; false once burnt, even if the operator still has it set. */
  readonly check: (token: string) => Effect.Effect<boolean>;
  /** Set-up is done: forget the token. */
  readonly burn: Effect.Effect<void>;
};
