import * as Effect from "effect/Effect";
import type { ClientOutcome } from "../../domain/client/mod.ts";
import { type Problem, refuse } from "../http/problem.ts";
import { NAMES } from "./client-metadata.ts";

/** A member that is not acceptable. Source: RFC 7591, section 3.2.2. */
export function refuseMember(field: string): Effect.Effect<never, Problem> {
  const code = field === "redirect_uris" ? "invalid_redirect_uri" : "invalid_client_metadata";
  return refuse(400, code, field === "" ? {} : { field });
}

/** What each outcome of a command means to the client that registers itself. */
export function settledForClient(outcome: ClientOutcome): Effect.Effect<void, Problem> {
  switch (outcome.type) {
    case "done":
      return Effect.void;
    case "misfit":
      return refuseMember(NAMES[outcome.member] ?? outcome.member);
    case "not_trusting":
      // An architect trusts it as it is: of that only an architect makes anything else.
      return refuse(403, "access_denied");
    case "unknown_client":
    case "unknown_secret":
    case "already_registered":
    case "revoked_secret":
    case "too_many_secrets":
    case "keeps_no_secret":
      return refuse(400, "invalid_client_metadata");
    default:
      return outcome satisfies never;
  }
}

/** The token of an `Authorization` header; 401 without one. Source: RFC 6750, section 2.1. */
export function bearerOf(headers: Headers): Effect.Effect<string, Problem> {
  const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(headers.get("authorization") ?? "") ?? [];
  return token === undefined ? refuse(401, "unauthenticated") : Effect.succeed(token);
}
