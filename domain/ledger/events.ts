/** Facts about this installation's ledgers. Stored for ever: never rename or re-mean, only add. */
export type LedgerEvent =
  | {
      readonly type: "LedgerFounded";
      readonly ledgerId: string;
      /** Public base URL, the OIDC issuer. */
      readonly issuer: string;
      /** Of every checkpoint, for ever (C2SP tlog-checkpoint), e.g. `localhost:4000/tlog`. */
      readonly origin: string;
      /** Names the secret that wraps the root keys, 16 hex digits; tells nothing about it. */
      readonly secretId: string;
    }
  /** The public base URL is another one; the checkpoint origin is not. */
  | { readonly type: "IssuerAdopted"; readonly issuer: string }
  | { readonly type: "SecretRotated"; readonly secretId: string };
