import type { Decision } from "../decider.ts";
import type { StandingCommand, UserOutcome } from "./command.ts";
import type { UserEvent } from "./events.ts";
import type { User } from "./evolve.ts";

type Decided = Decision<UserEvent, UserOutcome>;

/** Decides whether an identity may act and whether it remains: block, unblock, erase. */
export function decideStanding(command: StandingCommand, state: User): Decided {
  const { by, target } = command;
  const byArchitect = by.rank === "architect";
  switch (command.type) {
    case "Block":
      if (by.id === target.id) return answer("oneself");
      if (target.architect) return answer(byArchitect ? "dismiss_first" : "architects_only");
      if (watches(state) && !byArchitect) return answer("architects_only");
      return block(command, state);
    case "Unblock":
      if ((target.architect || watches(state)) && !byArchitect) return answer("architects_only");
      if (state.status !== "blocked") return answer("unblocked");
      return { events: [{ type: "UserUnblocked" }], outcome: "unblocked" };
    case "Erase": {
      if (by.id !== target.id && !byArchitect) return answer("architects_only");
      if (target.architect) return answer("dismiss_first");
      const password = state.accountId === undefined ? [] : [state.accountId];
      const accounts = [
        ...new Set([...password, ...state.linked.map(({ accountId }) => accountId)]),
      ];
      return {
        events: [{ type: "UserErased", accounts, roles: state.roles }],
        outcome: "erased",
      };
    }
    default:
      return command satisfies never;
  }
}

/** Whoever audits or administers is not silenced by an administrator. */
function watches({ roles }: User): boolean {
  return roles.includes("admin") || roles.includes("auditor");
}

function block(
  { reason, until }: Extract<StandingCommand, { readonly type: "Block" }>,
  state: User,
): Decided {
  const repeated =
    state.status === "blocked" &&
    state.blockedUntil === until &&
    state.blockedReason?.nonce === reason?.nonce &&
    state.blockedReason?.ct === reason?.ct;
  if (repeated) return answer("blocked");
  const said = { ...(reason && { reason }), ...(until !== undefined && { until }) };
  return { events: [{ type: "UserBlocked", ...said }], outcome: "blocked" };
}

/** Nothing to record: the command was refused, or had already been done. */
function answer(outcome: UserOutcome): Decided {
  return { events: [], outcome };
}
