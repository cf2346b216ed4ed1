import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import {
  type FreshKey,
  KEY_ACTIVE_MS,
  KEY_LEAD_MS,
  KEY_RETAINED_MS,
  KEYRING_STREAM_ID,
  type KeyringCommand,
  type KeyringEvent,
  keyring,
  type Moment,
  type SigningAlgorithm,
  type SigningKeyring,
} from "../../domain/keyring/mod.ts";
import type { Meta } from "../../domain/ledger/entry.ts";
import { keyringCodec } from "../codec/keyring.ts";
import { KeyPairs } from "../ports/key-pairs.ts";
import type { VaultRow } from "../ports/ledger.ts";
import { Sealer } from "../ports/sealer.ts";
import { load, transact } from "../transact.ts";

const aggregate = { decider: keyring, codec: keyringCodec };

/** What is asked of the keys; when it is, and with which fresh ones, is found here. */
export type KeyringRequest = KeyringCommand extends infer Each
  ? Each extends KeyringCommand
    ? Omit<Each, "moment" | "fresh" | "seen">
    : never
  : never;

/**
 * Decides one command about the signing keys, and makes the pairs that it takes, and no others: a
 * rotation that is not due costs a read. Of several at once one appends; what the others made is
 * forgotten.
 */
export const commandKeyring = Effect.fnUntraced(function* (
  request: KeyringRequest,
  { requestId, meta }: { readonly requestId: string; readonly meta: Meta },
) {
  const moment = momentAt(yield* Clock.currentTimeMillis);
  const { state: before } = yield* load(aggregate, KEYRING_STREAM_ID);
  const active = [...before.values()].filter(({ status }) => status === "active");
  const seen = active.map(({ kid }) => kid);
  const made: Array<Minted> = [];
  for (;;) {
    const { outcome, position } = yield* transact({
      ...aggregate,
      id: KEYRING_STREAM_ID,
      requestId,
      command: { ...request, moment, seen, fresh: made.map(({ key }) => key) },
      meta,
      along: (events, state) => ({ vault: vaultChanges(events, state, made) }),
    });
    if (outcome.type !== "wants_keys") return { outcome, position };
    made.push(...(yield* Effect.forEach(outcome.algorithms, mint)));
  }
});

type Minted = { readonly key: FreshKey; readonly row: VaultRow };

const mint = (algorithm: SigningAlgorithm) =>
  Effect.gen(function* () {
    const { kid, publicKey, privateKey: plaintext } = yield* (yield* KeyPairs).generate(algorithm);
    const { row, reference } = (yield* Sealer).enclose({
      ledger: "identity",
      id: `signing-key:${kid}`,
      kind: "signing-key",
      owner: `keyring:${KEYRING_STREAM_ID}`,
      plaintext,
    });
    return { key: { kid, algorithm, publicKey, privateKey: reference }, row } satisfies Minted;
  });

/** Private halves come with the event that mints a key, and go with the one that ends it. */
function vaultChanges(
  events: ReadonlyArray<KeyringEvent>,
  state: SigningKeyring,
  made: ReadonlyArray<Minted>,
) {
  const put = made.filter(({ key }) =>
    events.some(({ type, kid }) => type === "SigningKeyMinted" && kid === key.kid),
  );
  const remove = events.flatMap(({ type, kid }) => {
    if (type !== "SigningKeyRetired" && type !== "SigningKeyCompromised") return [];
    const reference = state.get(kid)?.privateKey;
    return reference === undefined ? [] : [reference.id];
  });
  return { put: put.map(({ row }) => row), remove };
}

function momentAt(nowMs: number): Moment {
  const after = (ms: number) => new Date(nowMs + ms).toISOString();
  return {
    now: after(0),
    signsFrom: after(KEY_LEAD_MS),
    rotatesAt: after(KEY_ACTIVE_MS),
    withdrawnFrom: after(KEY_RETAINED_MS),
  };
}
