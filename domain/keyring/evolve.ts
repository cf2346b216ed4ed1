import type { VaultReference } from "../vault-reference.ts";
import type { SigningAlgorithm } from "./algorithms.ts";
import type { KeyringEvent } from "./events.ts";

/** Published: the standby. Minted alone: not to be seen anywhere yet. */
export type SigningKeyStatus =
  | "minted"
  | "published"
  | "active"
  | "retired"
  | "withdrawn"
  | "compromised";

export type SigningKey = {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly status: SigningKeyStatus;
  /** Until it is retired or compromised. */
  readonly privateKey?: VaultReference;
  /** When the standby may sign, the active key is due, the retired one leaves. */
  readonly nextAt?: string;
};

/** Every key there has been, by `kid`. */
export type SigningKeyring = ReadonlyMap<string, SigningKey>;

export const initial: SigningKeyring = new Map();

export function evolve(state: SigningKeyring, event: KeyringEvent): SigningKeyring {
  if (event.type === "SigningKeyMinted") {
    const { kid, algorithm, privateKey } = event;
    return new Map(state).set(kid, { kid, algorithm, status: "minted", privateKey });
  }
  const key = state.get(event.kid);
  return key === undefined ? state : new Map(state).set(event.kid, next(key, event));
}

type Later = Exclude<KeyringEvent, { readonly type: "SigningKeyMinted" }>;

function next(key: SigningKey, event: Later): SigningKey {
  const { kid, algorithm } = key;
  switch (event.type) {
    case "SigningKeyPublished":
      return { ...key, status: "published", nextAt: event.signsFrom };
    case "SigningKeyActivated":
      return { ...key, status: "active", nextAt: event.rotatesAt };
    case "SigningKeyRetired":
      return { kid, algorithm, status: "retired", nextAt: event.withdrawnFrom };
    case "SigningKeyWithdrawn":
      return { kid, algorithm, status: "withdrawn" };
    case "SigningKeyCompromised":
      return { kid, algorithm, status: "compromised" };
    default:
      event satisfies never;
      return key;
  }
}
