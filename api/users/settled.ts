import * as Effect from "effect/Effect";
import type { UserOutcome } from "../../domain/user/mod.ts";
import { type Problem, refuse } from "../http/problem.ts";

/** What each outcome of a user command means to its caller: done, or refused and why. */
export function settled(outcome: UserOutcome): Effect.Effect<void, Problem> {
  switch (outcome) {
    case "signed_up":
    case "created":
    case "admitted":
    case "promoted":
    case "left":
    case "evicted":
    case "merged":
    case "verified":
    case "email_replaced":
    case "username_chosen":
    case "rehashed":
    case "linked":
    case "unlinked":
    case "enrolled":
    case "replaced":
    case "revised":
    case "granted":
    case "revoked":
    case "roles_put":
    case "blocked":
    case "unblocked":
      return Effect.void;
    case "accounts_moved":
      return refuse(409, "conflict");
    case "unknown_account":
    case "unknown_user":
      return refuse(404, "not_found");
    case "erased":
    case "already_exists":
    case "already_enrolled":
    case "no_password":
    case "password_moved":
    case "email_moved":
    case "not_a_guest":
    case "guest":
    case "last_role":
    case "last_way_in":
    case "too_many_accounts":
      return refuse(409, outcome);
    case "dismiss_first":
      return refuse(409, "architect");
    case "unknown_role":
    case "use_architects":
      return refuse(400, outcome);
    case "own_roles":
    case "oneself":
      return refuse(403, outcome);
    case "architects_only":
      return refuse(403, "forbidden", { requires: "architect" });
    default:
      return outcome satisfies never;
  }
}
