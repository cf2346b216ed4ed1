import type { Decider } from "../decider.ts";
import type {
  By,
  Enrolment,
  OpenDoors,
  PasswordAccount,
  ProviderAccount,
  Target,
  UserCommand,
  UserOutcome,
} from "./command.ts";
import { decide } from "./decide.ts";
import type { ProfileChanges, ProfileField, PromotionMethod, UserEvent } from "./events.ts";
import {
  evolve,
  initial,
  isBlockedAt,
  type Linked,
  type Profile,
  revised,
  type User,
} from "./evolve.ts";
import {
  inGroup,
  isGrantable,
  ROLES,
  type Role,
  type RoleGroup,
  type RoleName,
  type Tier,
} from "./roles.ts";

export type {
  By,
  Enrolment,
  Linked,
  OpenDoors,
  PasswordAccount,
  Profile,
  ProfileChanges,
  ProfileField,
  PromotionMethod,
  ProviderAccount,
  Role,
  RoleGroup,
  RoleName,
  Target,
  Tier,
  User,
  UserCommand,
  UserEvent,
  UserOutcome,
};
export { inGroup, isBlockedAt, isGrantable, ROLES, revised };

/** One person or guest, in the stream of their id. */
export const user: Decider<User, UserCommand, UserEvent, UserOutcome> = {
  category: "user",
  initial,
  evolve,
  decide,
};
