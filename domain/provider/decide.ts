import type { Decision } from "../decider.ts";
import { sameReference, type VaultReference } from "../vault-reference.ts";
import type { ProviderEvent, ProviderMetadata, ProviderOrigin } from "./events.ts";
import type { Provider } from "./evolve.ts";
import { isIssuer } from "./issuer.ts";

export type ProviderCommand =
  | ({
      readonly type: "OpenProvider";
      readonly id: string;
      readonly issuer: string;
      readonly by: ProviderOrigin;
      readonly secret?: VaultReference;
    } & ProviderMetadata)
  /** Only what is named changes; without a secret the present one stays. */
  | {
      readonly type: "ReviseProvider";
      readonly by: ProviderOrigin;
      readonly changes: Partial<ProviderMetadata>;
      readonly secret?: VaultReference;
    }
  | { readonly type: "CloseProvider"; readonly by: ProviderOrigin };

export type ProviderOutcome =
  | "opened"
  | "revised"
  | "closed"
  | "already_open"
  | "unknown_provider"
  | "invalid_id"
  | "invalid_issuer"
  | "invalid_scope"
  /** The id was another issuer's: whoever is linked by it would be somebody else's subject. */
  | "other_issuer"
  /** A client that proves itself by a secret has none, or the reverse. */
  | "secret_misfit"
  /** What the environment opened, it alone revises and closes. */
  | "from_environment";

/** As in links and addresses; `password` is how one signs in without any provider. */
const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const RESERVED: ReadonlySet<string> = new Set(["password", "configured"]);

/** RFC 6749, section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/;

type Decided = Decision<ProviderEvent, ProviderOutcome>;
type Of<Type extends ProviderCommand["type"]> = Extract<ProviderCommand, { readonly type: Type }>;

/** Decides which outside issuers people may come from. */
export function decide(command: ProviderCommand, state: Provider): Decided {
  if (command.type === "OpenProvider") return open(command, state);
  if (command.type === "CloseProvider" && state.status === "closed") return answer("closed");
  if (state.status !== "open") return answer("unknown_provider");
  if (state.origin === "environment" && command.by !== "environment") {
    return answer("from_environment");
  }
  switch (command.type) {
    case "ReviseProvider":
      return revise(command, state);
    case "CloseProvider":
      return { events: [{ type: "ProviderClosed" }], outcome: "closed" };
    default:
      return command satisfies never;
  }
}

function open(command: Of<"OpenProvider">, state: Provider): Decided {
  const { type: _, id, by: origin, secret, ...told } = command;
  if (!ID.test(id) || RESERVED.has(id)) return answer("invalid_id");
  if (!isIssuer(told.issuer)) return answer("invalid_issuer");
  if (state.status !== "absent" && state.issuer !== told.issuer) return answer("other_issuer");
  const wrong = misfit(told, secret);
  if (wrong !== undefined) return answer(wrong);
  if (state.status === "open") {
    const same =
      state.origin === origin && isSame(told, state.metadata) && isSecret(state.secret, secret);
    return answer(same ? "opened" : "already_open");
  }
  return {
    events: [{ type: "ProviderOpened", ...told, origin, ...(secret && { secret }) }],
    outcome: "opened",
  };
}

function revise(
  { by: origin, changes, secret: given }: Of<"ReviseProvider">,
  state: Extract<Provider, { readonly status: "open" }>,
): Decided {
  const told = { ...state.metadata, ...changes };
  const kept = told.authMethod === "none" ? undefined : state.secret;
  const secret = given ?? kept;
  const wrong = misfit(told, secret);
  if (wrong !== undefined) return answer(wrong);
  const isAsBefore = isSame(told, state.metadata) && isSecret(state.secret, secret);
  if (isAsBefore && state.origin === origin) return answer("revised");
  return {
    events: [{ type: "ProviderRevised", ...told, origin, ...(secret && { secret }) }],
    outcome: "revised",
  };
}

function misfit(
  { scopes, authMethod }: ProviderMetadata,
  secret: VaultReference | undefined,
): ProviderOutcome | undefined {
  const isGood = scopes.includes("openid") && new Set(scopes).size === scopes.length;
  if (!isGood || !scopes.every((scope) => SCOPE.test(scope))) return "invalid_scope";
  return (authMethod === "none") === (secret === undefined) ? undefined : "secret_misfit";
}

function isSecret(one: VaultReference | undefined, other: VaultReference | undefined): boolean {
  return other === undefined ? one === undefined : sameReference(one, other);
}

function isSame(one: ProviderMetadata, other: ProviderMetadata): boolean {
  return (
    one.name === other.name &&
    one.clientId === other.clientId &&
    one.authMethod === other.authMethod &&
    one.scopes.length === other.scopes.length &&
    one.scopes.every((scope, at) => scope === other.scopes[at])
  );
}

/** Nothing to record: the command was refused, or had already been done. */
function answer(outcome: ProviderOutcome): Decided {
  return { events: [], outcome };
}
