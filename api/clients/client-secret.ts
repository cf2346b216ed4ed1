import * as Effect from "effect/Effect";
import { Keyring } from "../../adapters/ports/keyring.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";

/** As many as a session's credential has: nobody guesses it, so a fast digest keeps it. */
const SECRET_BYTES = 32;
/** What a scanner for leaked secrets finds it by. */
const PREFIX = "als_";

/** A new secret: shown once, kept in the vault as a digest. */
export const newSecret = (clientId: string) =>
  Effect.gen(function* () {
    const secretId = crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
    const plain = `${PREFIX}${Buffer.from(bytes).toString("base64url")}`;
    const { row, reference } = (yield* Sealer).enclose({
      ledger: "identity",
      id: vaultIdOf(secretId),
      kind: "client-secret",
      owner: `client:${clientId}`,
      plaintext: (yield* Keyring).artefact("client-secret", plain),
    });
    return { plain, row, issued: { secretId, secret: reference } };
  });

/** Where the digest of a secret is kept. */
export function vaultIdOf(secretId: string): string {
  return `client-secret:${secretId}`;
}
