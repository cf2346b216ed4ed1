import { timingSafeEqual } from "node:crypto";
import * as Effect from "effect/Effect";
import { Keyring } from "../../adapters/ports/keyring.ts";
import { RegisteredClients } from "../../adapters/ports/registered-clients.ts";
import { ResourceServers } from "../../adapters/ports/resource-servers.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { Vault } from "../../adapters/ports/vault.ts";
import type { ClientRow } from "../../projections/clients.ts";
import type { ResourceServerRow } from "../../projections/resource-servers.ts";

export const registeredClient = (clientId: string) =>
  Effect.flatMap(RegisteredClients, (model) => model.get(clientId));

/** Which APIs there are by audience, made anew when the ledger has gone on. */
export const resourceServersByAudience = () => {
  let at = -1;
  let byAudience: ReadonlyMap<string, ResourceServerRow> = new Map();
  return (audience: string) =>
    Effect.gen(function* () {
      const model = yield* ResourceServers;
      const rows = yield* model.rows;
      if (model.position() !== at) {
        byAudience = new Map([...rows.values()].map((row) => [row.audience, row]));
        at = model.position();
      }
      return byAudience.get(audience);
    });
};

/**
 * Compares a secret with those of the client, in constant time each. Their digests are read from
 * the vault once and kept: what is revoked leaves the row, and with it this.
 */
export const clientSecrets = () => {
  const digests = new WeakMap<ClientRow, ReadonlyArray<Uint8Array>>();
  return (row: ClientRow, secret: string) =>
    Effect.gen(function* () {
      const known = digests.get(row) ?? (yield* digestsOf(row));
      digests.set(row, known);
      const given = (yield* Keyring).artefact("client-secret", secret);
      return known.reduce((is, digest) => timingSafeEqual(digest, given) || is, false);
    });
};

const digestsOf = ({ secrets }: ClientRow) =>
  Effect.gen(function* () {
    const vault = yield* Vault;
    const { disclose } = yield* Sealer;
    const found: Array<Uint8Array> = [];
    for (const { secret } of secrets) {
      const row = yield* vault.get(secret.id);
      const digest = row && disclose("identity", row, secret);
      if (digest?.byteLength === DIGEST_BYTES) found.push(digest);
    }
    return found;
  });

const DIGEST_BYTES = 32;
