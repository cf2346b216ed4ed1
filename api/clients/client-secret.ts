import * as Effect from "effect/Effect";
import { Keyring } from "../../adapters/ports/keyring.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { derivedId } from "../http/derived-id.ts";

/** What a scanner for leaked secrets finds it by. */
const PREFIX = "als_";

/**
 * A new secret, shown once and kept in the vault as a digest. It is derived from the request under
 * the artefact key, so that a repeat of the request shows the same; 256 bits, which nobody guesses,
 * so a fast digest keeps it.
 */
export const newSecret = (clientId: string, requestId: string) =>
  Effect.gen(function* () {
    const { artefact } = yield* Keyring;
    const secretId = derivedId(`${requestId}/secret`);
    const bytes = artefact("new-client-secret", requestId);
    const plain = `${PREFIX}${Buffer.from(bytes).toString("base64url")}`;
    const { row, reference } = (yield* Sealer).enclose({
      ledger: "identity",
      id: vaultIdOf(secretId),
      kind: "client-secret",
      owner: `client:${clientId}`,
      plaintext: artefact("client-secret", plain),
    });
    return { plain, row, issued: { secretId, secret: reference } };
  });

/** Where the digest of a secret is kept. */
export function vaultIdOf(secretId: string): string {
  return `client-secret:${secretId}`;
}
