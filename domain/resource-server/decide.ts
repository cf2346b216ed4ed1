import { OPENID_SCOPES } from "../consent/mod.ts";
import type { Decision } from "../decider.ts";
import { isAudience } from "./audience.ts";
import type { ResourceServerEvent, ResourceServerMetadata, Scope } from "./events.ts";
import type { ResourceServer } from "./evolve.ts";

export type ResourceServerCommand =
  | ({
      readonly type: "RegisterResourceServer";
      readonly audience: string;
    } & ResourceServerMetadata)
  /** Only what is named changes. */
  | {
      readonly type: "ReviseResourceServer";
      readonly changes: Partial<ResourceServerMetadata>;
    }
  | { readonly type: "RemoveResourceServer" };

export type ResourceServerOutcome =
  | "registered"
  | "revised"
  | "removed"
  | "already_registered"
  | "unknown_resource_server"
  | "invalid_audience"
  /** A name that a token's `scope` cannot hold, one that OpenID Connect has, or one twice. */
  | "invalid_scope";

/** RFC 6749, section 3.3, of a length that fits a consent page. */
const SCOPE_NAME = /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/;

type Decided = Decision<ResourceServerEvent, ResourceServerOutcome>;

/** Decides which APIs tokens are issued for: the audience of one never changes. */
export function decide(command: ResourceServerCommand, state: ResourceServer): Decided {
  if (command.type === "RegisterResourceServer") return register(command, state);
  if (state.status === "removed" && command.type === "RemoveResourceServer") {
    return answer("removed");
  }
  if (state.status !== "registered") return answer("unknown_resource_server");
  switch (command.type) {
    case "ReviseResourceServer": {
      const metadata = { ...state.metadata, ...command.changes };
      if (!areScopes(metadata.scopes)) return answer("invalid_scope");
      if (isSame(metadata, state.metadata)) return answer("revised");
      return { events: [{ type: "ResourceServerRevised", ...metadata }], outcome: "revised" };
    }
    case "RemoveResourceServer":
      return { events: [{ type: "ResourceServerRemoved" }], outcome: "removed" };
    default:
      return command satisfies never;
  }
}

function register(
  command: Extract<ResourceServerCommand, { readonly type: "RegisterResourceServer" }>,
  state: ResourceServer,
): Decided {
  const { type: _, audience, ...metadata } = command;
  if (state.status !== "absent") {
    const isAgain =
      state.status === "registered" &&
      state.audience === audience &&
      isSame(metadata, state.metadata);
    return answer(isAgain ? "registered" : "already_registered");
  }
  if (!isAudience(audience)) return answer("invalid_audience");
  if (!areScopes(metadata.scopes)) return answer("invalid_scope");
  return {
    events: [{ type: "ResourceServerRegistered", audience, ...metadata }],
    outcome: "registered",
  };
}

function areScopes(scopes: ReadonlyArray<Scope>): boolean {
  const names = scopes.map(({ name }) => name);
  return (
    new Set(names).size === names.length &&
    names.every(
      (name) => SCOPE_NAME.test(name) && !(OPENID_SCOPES as ReadonlyArray<string>).includes(name),
    )
  );
}

function isSame(one: ResourceServerMetadata, other: ResourceServerMetadata): boolean {
  return (
    one.name === other.name &&
    one.signingAlgorithm === other.signingAlgorithm &&
    one.scopes.length === other.scopes.length &&
    one.scopes.every(({ name, description }, at) => {
      const beside = other.scopes[at];
      return beside?.name === name && beside.description === description;
    })
  );
}

/** Nothing to record: the command was refused, or had already been done. */
function answer(outcome: ResourceServerOutcome): Decided {
  return { events: [], outcome };
}
