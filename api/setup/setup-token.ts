import type * as Effect from "effect/Effect";

/** Where whoever sets the server up finds the token. */
export type TokenPlace =
  | { readonly kind: "environment" }
  | { readonly kind: "terminal" }
  | { readonly kind: "file"; readonly path: string };

/** What proves that a person owns the server. Where it is kept is the operator's business. */
export type SetupToken = {
  /** Compares in constant time; false once burnt, even if the operator still has it set. */
  readonly check: (token: string) => Effect.Effect<boolean>;
  /** Set-up is done: forget the token. */
  readonly burn: Effect.Effect<void>;
  readonly where: TokenPlace;
};
