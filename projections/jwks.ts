import type {
  KeyringEvent,
  PublicJwk,
  SigningAlgorithm,
  SigningKeyStatus,
} from "../domain/keyring/mod.ts";
import type { VaultReference } from "../domain/vault-reference.ts";
import type { Projection } from "./projection.ts";

/** A signing key, kept after its end: who verified what with it is what auditors ask. */
export type SigningKeyRow = {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly publicKey: PublicJwk;
  /** Gone once it is retired or compromised. */
  readonly privateKey?: VaultReference;
  readonly status: SigningKeyStatus;
  readonly mintedAt: string;
  /** Of its minting. */
  readonly position: number;
  /** Of the standby: it signs at the earliest then. */
  readonly signsFrom?: string;
  readonly activatedAt?: string;
  /** Of the active key: it is due to be followed then. */
  readonly rotatesAt?: string;
  readonly retiredAt?: string;
  /** Of a retired key: it leaves the JWKS then. */
  readonly withdrawnFrom?: string;
  readonly withdrawnAt?: string;
  readonly compromisedAt?: string;
};

/** Answers "which keys sign and verify?": rows with the tag `jwks` are the JWKS. */
export const jwks: Projection<SigningKeyRow, KeyringEvent> = {
  name: "jwks",
  version: 1,
  ledger: "identity",
  handles: [
    "SigningKeyMinted",
    "SigningKeyPublished",
    "SigningKeyActivated",
    "SigningKeyRetired",
    "SigningKeyWithdrawn",
    "SigningKeyCompromised",
  ],
  keys: (event) => [event.kid],
  evolve: (row, event) => {
    if (event.type === "SigningKeyMinted") {
      const { kid, algorithm, publicKey, privateKey, at, position } = event;
      const minted = { status: "minted", mintedAt: at, position } as const;
      return { kid, algorithm, publicKey, privateKey, ...minted };
    }
    if (row === undefined) return undefined;
    switch (event.type) {
      case "SigningKeyPublished":
        return { ...row, status: "published", signsFrom: event.signsFrom };
      case "SigningKeyActivated":
        return { ...row, status: "active", activatedAt: event.at, rotatesAt: event.rotatesAt };
      case "SigningKeyRetired": {
        const { at, withdrawnFrom } = event;
        return { ...withoutPrivate(row), status: "retired", retiredAt: at, withdrawnFrom };
      }
      case "SigningKeyWithdrawn":
        return { ...withoutPrivate(row), status: "withdrawn", withdrawnAt: event.at };
      case "SigningKeyCompromised":
        return { ...withoutPrivate(row), status: "compromised", compromisedAt: event.at };
      default:
        event satisfies never;
        return row;
    }
  },
  index: ({ mintedAt, status }) => ({
    sort: mintedAt,
    tags: isPublic(status) ? ["jwks"] : [],
  }),
};

/** Whether the JWKS has it. */
export function isPublic(status: SigningKeyStatus): boolean {
  return status === "published" || status === "active" || status === "retired";
}

function withoutPrivate({ privateKey: _, ...row }: SigningKeyRow): SigningKeyRow {
  return row;
}
