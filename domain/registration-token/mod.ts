import type { Decider } from "../decider.ts";
import {
  decide,
  type RegistrationTokenCommand,
  type RegistrationTokenOutcome,
  USES_MAX,
} from "./decide.ts";
import type { RegistrationTokenEvent } from "./events.ts";
import { evolve, initial, type RegistrationToken } from "./evolve.ts";

export type {
  RegistrationToken,
  RegistrationTokenCommand,
  RegistrationTokenEvent,
  RegistrationTokenOutcome,
};
export { USES_MAX };

/** One token by which applications register themselves, in the stream of its id. */
export const registrationToken: Decider<
  RegistrationToken,
  RegistrationTokenCommand,
  RegistrationTokenEvent,
  RegistrationTokenOutcome
> = { category: "registration-token", initial, evolve, decide };
