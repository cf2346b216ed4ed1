import type { Decider } from "../decider.ts";
import { TOKEN_GRANTS, type TokenEvent, type TokenGrant } from "./events.ts";

export type { TokenEvent, TokenGrant };
export { TOKEN_GRANTS };

/** Each stands for itself: what happened is what is recorded. */
export type TokenCommand = { readonly type: "Record"; readonly event: TokenEvent };
export type TokenOutcome = "recorded";
/** Nothing: no decision asks what was issued before. */
export type Tokens = Readonly<Record<never, never>>;

/**
 * Tokens issued, refused and looked at, in the stream of the client's id, of `unknown` where it is
 * not known who asked; append with `any`.
 */
export const token: Decider<Tokens, TokenCommand, TokenEvent, TokenOutcome> = {
  category: "token",
  initial: {},
  evolve: (state) => state,
  decide: ({ event }) => ({ events: [event], outcome: "recorded" }),
};
