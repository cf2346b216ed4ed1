import type { Decision } from "../decider.ts";
import type { SignInBucket, SignInEvent, SignInRejection } from "./events.ts";

export type SignInCommand =
  | {
      readonly type: "RejectSignIn";
      readonly userId?: string | undefined;
      readonly reason: SignInRejection;
    }
  | { readonly type: "ThrottleSignIn"; readonly bucket: SignInBucket };

export type SignInOutcome = "recorded";

/** Each try stands for itself: nothing of the stream is read and the append expects `any`. */
export function decide(command: SignInCommand): Decision<SignInEvent, SignInOutcome> {
  switch (command.type) {
    case "RejectSignIn": {
      const { userId, reason } = command;
      const whose = userId === undefined ? {} : { userId };
      return { events: [{ type: "SignInRejected", ...whose, reason }], outcome: "recorded" };
    }
    case "ThrottleSignIn": {
      const { bucket } = command;
      return { events: [{ type: "SignInThrottled", bucket }], outcome: "recorded" };
    }
    default:
      return command satisfies never;
  }
}
