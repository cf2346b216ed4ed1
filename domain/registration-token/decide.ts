import type { Decision } from "../decider.ts";
import type { VaultReference } from "../vault-reference.ts";
import type { RegistrationTokenEvent } from "./events.ts";
import type { RegistrationToken } from "./evolve.ts";

/** Registrations of one token at most: so many ids fit a state that is folded at each use. */
export const USES_MAX = 1_000;

/** `now` and `expiresAt` are RFC 3339 in UTC with milliseconds. */
export type RegistrationTokenCommand =
  | {
      readonly type: "IssueRegistrationToken";
      readonly secret: VaultReference;
      readonly uses: number;
      readonly expiresAt: string;
    }
  | {
      readonly type: "UseRegistrationToken";
      readonly clientId: string;
      readonly now: string;
    }
  | { readonly type: "RevokeRegistrationToken" };

export type RegistrationTokenOutcome =
  | "issued"
  | "used"
  | "revoked"
  | "expired"
  /** Every use that it had is gone. */
  | "spent"
  | "too_many_uses"
  | "already_issued"
  | "unknown_token";

type Decided = Decision<RegistrationTokenEvent, RegistrationTokenOutcome>;

/**
 * Decides the life of one initial access token: it lets so many applications register themselves,
 * until it expires or is revoked. A use is taken before the application is registered, so of two
 * who want the last one exactly one gets it.
 *
 * Source: RFC 7591, section 3.
 */
export function decide(command: RegistrationTokenCommand, state: RegistrationToken): Decided {
  if (command.type === "IssueRegistrationToken") return issue(command, state);
  if (state.status === "absent") return answer("unknown_token");
  switch (command.type) {
    case "UseRegistrationToken": {
      const { clientId, now } = command;
      if (state.usedFor.includes(clientId)) return answer("used");
      if (state.status === "revoked") return answer("revoked");
      if (state.expiresAt <= now) return answer("expired");
      if (state.usedFor.length >= state.uses) return answer("spent");
      return { events: [{ type: "RegistrationTokenUsed", clientId }], outcome: "used" };
    }
    case "RevokeRegistrationToken":
      if (state.status === "revoked") return answer("revoked");
      return { events: [{ type: "RegistrationTokenRevoked" }], outcome: "revoked" };
    default:
      return command satisfies never;
  }
}

function issue(
  command: Extract<RegistrationTokenCommand, { readonly type: "IssueRegistrationToken" }>,
  state: RegistrationToken,
): Decided {
  const { secret, uses, expiresAt } = command;
  if (state.status !== "absent") {
    const isAgain =
      state.status === "issued" && state.uses === uses && state.secret.id === secret.id;
    return answer(isAgain ? "issued" : "already_issued");
  }
  if (!Number.isInteger(uses) || uses < 1 || uses > USES_MAX) return answer("too_many_uses");
  const issued = { type: "RegistrationTokenIssued", secret, uses, expiresAt } as const;
  return { events: [issued], outcome: "issued" };
}

/** Nothing to record: the command was refused, or had already been done. */
function answer(outcome: RegistrationTokenOutcome): Decided {
  return { events: [], outcome };
}
