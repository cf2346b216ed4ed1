import type { VaultReference } from "../vault-reference.ts";
import type { ClientMetadata, ClientType } from "./metadata.ts";

/**
 * Facts about one application that asks for tokens. Stored for ever: never rename or re-mean, only
 * add.
 */
export type ClientEvent =
  | ({ readonly type: "ClientRegistered"; readonly kind: ClientType } & ClientMetadata)
  /** All of it, as it is from here on. */
  | ({ readonly type: "ClientRevised" } & ClientMetadata)
  /** A secret that it may prove itself with; the vault has its digest. */
  | {
      readonly type: "ClientSecretIssued";
      readonly secretId: string;
      readonly secret: VaultReference;
    }
  | { readonly type: "ClientSecretRevoked"; readonly secretId: string }
  /** It gets no token from here on. */
  | { readonly type: "ClientDisabled" }
  | { readonly type: "ClientEnabled" }
  /** It is gone, with its secrets; its id is never given again. */
  | { readonly type: "ClientRemoved" };
