import type { Decision } from "../decider.ts";
import type { FamilyEndReason, TokenFamilyEvent } from "./events.ts";
import type { TokenFamily } from "./evolve.ts";

export type TokenFamilyCommand =
  | ({ readonly type: "OpenFamily" } & Omit<
      Extract<TokenFamilyEvent, { readonly type: "RefreshFamilyOpened" }>,
      "type"
    >)
  /** A token that had been replaced was used: all of the line end. */
  | { readonly type: "DetectReuse" }
  | { readonly type: "RevokeFamily"; readonly reason: FamilyEndReason };

export type TokenFamilyOutcome = "opened" | "revoked" | "unknown_family";

type Decided = Decision<TokenFamilyEvent, TokenFamilyOutcome>;

/** Decides the life of one line of refresh tokens: what ended it first stays the reason. */
export function decide(command: TokenFamilyCommand, state: TokenFamily): Decided {
  switch (command.type) {
    case "OpenFamily": {
      if (state.status === "revoked") return { events: [], outcome: "revoked" };
      if (state.status === "open") return { events: [], outcome: "opened" };
      const { type: _, ...opened } = command;
      return { events: [{ type: "RefreshFamilyOpened", ...opened }], outcome: "opened" };
    }
    case "DetectReuse":
      return end(state, [
        { type: "RefreshTokenReuseDetected" },
        { type: "RefreshFamilyRevoked", reason: "reuse" },
      ]);
    case "RevokeFamily":
      return end(state, [{ type: "RefreshFamilyRevoked", reason: command.reason }]);
    default:
      return command satisfies never;
  }
}

function end(state: TokenFamily, events: ReadonlyArray<TokenFamilyEvent>): Decided {
  if (state.status === "absent") return { events: [], outcome: "unknown_family" };
  return { events: state.status === "open" ? events : [], outcome: "revoked" };
}
