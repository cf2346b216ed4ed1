import * as Effect from "effect/Effect";
import * as Redacted from "effect/Redacted";
import { clientCodec } from "../../adapters/codec/client.ts";
import { resourceServerCodec } from "../../adapters/codec/resource-server.ts";
import { Claims } from "../../adapters/ports/claims.ts";
import { Keyring } from "../../adapters/ports/keyring.ts";
import type { VaultRow } from "../../adapters/ports/ledger.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { load } from "../../adapters/transact.ts";
import { vaultIdOf } from "../../api/clients/client-secret.ts";
import { derivedId } from "../../api/http/derived-id.ts";
import { claimOf } from "../../api/sign-up/claims.ts";
import {
  type Client,
  type ClientCommand,
  client,
  type IssuedSecret,
  type MetadataChanges,
} from "../../domain/client/mod.ts";
import {
  type ResourceServerCommand,
  resourceServer,
  spelled,
} from "../../domain/resource-server/mod.ts";
import type { FileSecret, WantedApi, WantedClient } from "./read.ts";

/** Commands that make one application what the file says, or why that cannot be. */
export type ClientPlan = {
  readonly clientId: string;
  readonly commands: ReadonlyArray<{ readonly command: ClientCommand; readonly secret?: VaultRow }>;
  readonly mistakes: ReadonlyArray<string>;
  /** What is left as it is although the file says otherwise. */
  readonly warnings: ReadonlyArray<string>;
};

type Made = IssuedSecret & { readonly row: VaultRow; readonly variable: string };
type Present = Extract<WantedClient, { readonly removed: false }>;

/** What is to be done about one application, from what it is at the head of its stream. */
export const planClient = Effect.fnUntraced(function* (wanted: WantedClient) {
  const { clientId, at } = wanted;
  const { state } = yield* load({ decider: client, codec: clientCodec }, clientId);
  const none: ClientPlan = { clientId, commands: [], mistakes: [], warnings: [] };
  if (wanted.removed) {
    const isThere = state.status === "enabled" || state.status === "disabled";
    return isThere ? { ...none, commands: [{ command: { type: "RemoveClient" } as const }] } : none;
  }
  if (state.status === "removed") {
    const mistakes = [`${at}.clientId: it was removed, and its id is never given again`];
    return { ...none, mistakes };
  }
  if (state.kind !== undefined && state.kind !== wanted.kind) {
    const mistakes = [`${at}.type: it is registered as "${state.kind}", and a type never changes`];
    return { ...none, mistakes };
  }
  const made = wanted.secrets && (yield* Effect.forEach(wanted.secrets, madeOf(clientId)));
  return { ...none, ...planPresent(wanted, state, made) };
});

const planPresent = (
  { at, kind, metadata, disabled }: Present,
  state: Client,
  made: ReadonlyArray<Made> | undefined,
): Pick<ClientPlan, "commands" | "warnings"> => {
  const switched = disabled === undefined ? {} : { disabled };
  const revise = {
    type: "ReviseClient",
    changes: wholly(metadata),
    ...switched,
    trusting: true,
  } as const;
  const isNew = state.status === "absent";
  const [first, ...more] = made ?? [];
  const register = {
    type: "RegisterClient",
    kind,
    metadata,
    trusting: true,
    ...(first === undefined ? {} : { secret: issued(first) }),
  } as const;
  const begun = isNew
    ? [
        { command: register, ...(first === undefined ? {} : { secret: first.row }) },
        ...(disabled === true ? [{ command: revise }] : []),
      ]
    : [{ command: revise }];
  const open = (isNew ? more : (made ?? [])).filter(
    ({ secretId }) => !state.secrets.some(({ id }) => id === secretId),
  );
  const revoked = open.filter(({ secretId }) => state.revoked.includes(secretId));
  const extra = made === undefined ? [] : state.secrets.filter(({ id }) => !isOf(made, id));
  return {
    commands: [
      ...begun,
      ...extra.map(({ id }) => ({ command: { type: "RevokeSecret", secretId: id } as const })),
      ...open
        .filter((one) => !revoked.includes(one))
        .map((one) => ({
          command: { type: "IssueSecret", ...issued(one), trusting: true } as const,
          secret: one.row,
        })),
    ],
    warnings: revoked.map(
      ({ variable }) => `${at}.secretFrom: the secret in ${variable} was revoked, and stays so`,
    ),
  };
};

const issued = ({ secretId, secret }: Made): IssuedSecret => ({ secretId, secret });

const isOf = (made: ReadonlyArray<Made>, id: string) => made.some((one) => one.secretId === id);

/** The digest of a secret; its id follows from the secret itself, so the same is known again. */
const madeOf = (clientId: string) =>
  Effect.fnUntraced(function* ({ variable, value }: FileSecret) {
    const { artefact } = yield* Keyring;
    const plain = Redacted.value(value);
    const mark = Buffer.from(artefact("configured-client-secret", plain)).toString("hex");
    const secretId = derivedId(`clients-file/${clientId}/${mark}`);
    const { row, reference } = (yield* Sealer).enclose({
      ledger: "identity",
      id: vaultIdOf(secretId),
      kind: "client-secret",
      owner: `client:${clientId}`,
      plaintext: artefact("client-secret", plain),
    });
    return { secretId, secret: reference, row, variable } satisfies Made;
  });

/** All of it is said: an address that is not in the file is cleared. */
const wholly = (metadata: Present["metadata"]): MetadataChanges => ({
  logoUri: null,
  clientUri: null,
  policyUri: null,
  tosUri: null,
  jwksUri: null,
  backchannelLogoutUri: null,
  ...metadata,
});

export type ApiPlan = {
  readonly at: string;
  readonly audience: string;
  readonly id: string;
  readonly command: ResourceServerCommand;
};

/** What is to be done about one API; who has its audience is it, whoever registered that. */
export const planApi = Effect.fnUntraced(function* (wanted: WantedApi) {
  const { at, audience } = wanted;
  const { kind, digest } = yield* claimOf("audience", spelled(audience));
  const owner = yield* (yield* Claims).owner(kind, digest);
  if (wanted.removed) {
    const command = { type: "RemoveResourceServer" } as const;
    return owner === undefined ? undefined : ({ at, audience, id: owner, command } as ApiPlan);
  }
  const { name, scopes } = wanted;
  const command: ResourceServerCommand =
    owner === undefined
      ? { type: "RegisterResourceServer", audience, name, scopes }
      : { type: "ReviseResourceServer", changes: { name, scopes } };
  return { at, audience, id: owner ?? (yield* freeId(audience)), command } satisfies ApiPlan;
});

/** The same for everybody who registers this audience at once; one that was removed is not used. */
const freeId = Effect.fnUntraced(function* (audience: string) {
  for (let turn = 0; ; turn++) {
    const id = derivedId(`clients-file/${spelled(audience)}/${turn}`);
    const { state } = yield* load({ decider: resourceServer, codec: resourceServerCodec }, id);
    if (state.status !== "removed") return id;
  }
});
