import * as Effect from "effect/Effect";
import * as Redacted from "effect/Redacted";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { Vault } from "../../adapters/ports/vault.ts";
import type { VaultReference } from "../../domain/vault-reference.ts";

/** A client secret on its way into the vault; it is sent to the issuer, so a digest will not do. */
export const encloseSecret = (providerId: string, secret: string) =>
  Effect.map(Sealer, ({ enclose }) =>
    enclose({
      ledger: "identity",
      id: `provider-secret:${crypto.randomUUID()}`,
      kind: "provider-secret",
      owner: `provider:${providerId}`,
      plaintext: new TextEncoder().encode(secret),
    }),
  );

/** The secret that an event names; undefined when its row is gone or was swapped. */
export const discloseSecret = (reference: VaultReference) =>
  Effect.gen(function* () {
    const row = yield* (yield* Vault).get(reference.id);
    const bytes = row && (yield* Sealer).disclose("identity", row, reference);
    return bytes && Redacted.make(new TextDecoder().decode(bytes));
  });
