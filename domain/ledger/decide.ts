import type { Decision } from "../decider.ts";
import type { LedgerEvent } from "./events.ts";
import type { Founding, LedgerState } from "./evolve.ts";

export type LedgerCommand =
  | ({ readonly type: "FoundLedger" } & Founding)
  | { readonly type: "AdoptIssuer"; readonly issuer: string }
  | { readonly type: "RotateSecret"; readonly secretId: string };

export type LedgerOutcome = "founded" | "adopted" | "rotated" | "already_founded" | "not_founded";

type Decided = Decision<LedgerEvent, LedgerOutcome>;

/** Decides what an installation is: founded once, with an origin that never moves. */
export function decide(command: LedgerCommand, state: LedgerState): Decided {
  switch (command.type) {
    case "FoundLedger": {
      const { ledgerId, issuer, origin, secretId } = command;
      if (state !== undefined) {
        return answer(state.ledgerId === ledgerId ? "founded" : "already_founded");
      }
      return {
        events: [{ type: "LedgerFounded", ledgerId, issuer, origin, secretId }],
        outcome: "founded",
      };
    }
    case "AdoptIssuer":
      if (state === undefined) return answer("not_founded");
      if (state.issuer === command.issuer) return answer("adopted");
      return { events: [{ type: "IssuerAdopted", issuer: command.issuer }], outcome: "adopted" };
    case "RotateSecret":
      if (state === undefined) return answer("not_founded");
      if (state.secretId === command.secretId) return answer("rotated");
      return {
        events: [{ type: "SecretRotated", secretId: command.secretId }],
        outcome: "rotated",
      };
    default:
      return command satisfies never;
  }
}

/** Nothing to record: the command was refused, or had already been done. */
function answer(outcome: LedgerOutcome): Decided {
  return { events: [], outcome };
}
