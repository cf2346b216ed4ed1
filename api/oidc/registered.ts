import { timingSafeEqual } from "node:crypto";
import * as Effect from "effect/Effect";
import type { Keyring } from "../../adapters/ports/keyring.ts";
import { RegisteredClients } from "../../adapters/ports/registered-clients.ts";
import type { ResourceServers } from "../../adapters/ports/resource-servers.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { Vault } from "../../adapters/ports/vault.ts";
import type { ClientRow } from "../../projections/clients.ts";
import type { ResourceServerRow } from "../../projections/resource-servers.ts";

/** A registered client, by who may wait for it. */
export const registeredClient = (clientId: string) =>
  Effect.flatMap(RegisteredClients, (model) => model.get(clientId));

/** Which APIs there are by audience, made anew when the ledger has gone on. */
export const resourceServersByAudience = (model: ResourceServers["Service"]) => {
  let at = -1;
  let byAudience: ReadonlyMap<string, ResourceServerRow> = new Map();
  const of = (rows: () => ReadonlyMap<string, ResourceServerRow>) => {
    if (model.position() !== at) {
      byAudience = new Map([...rows().values()].map((row) => [row.audience, row]));
      at = model.position();
    }
    return byAudience;
  };
  return {
    current: Effect.map(model.rows, (rows) => of(() => rows)),
    fresh: (nowMs: number) => {
      const rows = model.fresh(nowMs);
      return rows && of(rows.all);
    },
  };
};

/**
 * Compares a secret with those of the client, in constant time each. Their digests are read from
 * the vault once and kept: what is revoked leaves the row, and with it this.
 */
export const clientSecrets = ({ artefact }: Keyring["Service"]) => {
  const kept = new WeakMap<ClientRow, ReadonlyArray<Uint8Array>>();
  const isOne = (digests: ReadonlyArray<Uint8Array>, secret: string) => {
    const given = artefact("client-secret", secret);
    return digests.reduce((is, digest) => timingSafeEqual(digest, given) || is, false);
  };
  return {
    current: (row: ClientRow, secret: string) =>
      Effect.map(digestsOf(row), (digests) => {
        kept.set(row, digests);
        return isOne(digests, secret);
      }),
    /** Undefined where the digests are not known yet. */
    fresh: (row: ClientRow, secret: string) => {
      const digests = kept.get(row);
      return digests && isOne(digests, secret);
    },
  };
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
