import { z } from "zod";
import type { ArchitectsEvent } from "../../domain/architects/mod.ts";
import type { ClientEvent } from "../../domain/client/mod.ts";
import type { ConsentEvent } from "../../domain/consent/mod.ts";
import type { DisclosureEvent } from "../../domain/disclosure/mod.ts";
import type { GuestsEvent } from "../../domain/guests/mod.ts";
import type { InvitationEvent } from "../../domain/invitation/mod.ts";
import type { KeyringEvent } from "../../domain/keyring/mod.ts";
import type { LedgerName, LedgerRecord } from "../../domain/ledger/entry.ts";
import type { LedgerEvent } from "../../domain/ledger/mod.ts";
import type { MailEvent } from "../../domain/mail/mod.ts";
import type { ProviderEvent } from "../../domain/provider/mod.ts";
import type { RecoveryEvent } from "../../domain/recovery/mod.ts";
import type { RegistrationTokenEvent } from "../../domain/registration-token/mod.ts";
import type { ResourceServerEvent } from "../../domain/resource-server/mod.ts";
import type { RevocationEvent } from "../../domain/revocation/mod.ts";
import type { RoleEvent } from "../../domain/role/mod.ts";
import { isSealed, type Sealed } from "../../domain/sealed.ts";
import type { SessionEvent } from "../../domain/session/mod.ts";
import type { SignInEvent } from "../../domain/sign-in/mod.ts";
import type { StoreEvent } from "../../domain/store/mod.ts";
import type { TokenEvent } from "../../domain/token/mod.ts";
import type { RotationEvent, TokenFamilyEvent } from "../../domain/token-family/mod.ts";
import type { TuplesEvent } from "../../domain/tuples/mod.ts";
import type { UserEvent } from "../../domain/user/mod.ts";
import type { Recorded } from "../../projections/projection.ts";
import { architectsCodec } from "./architects.ts";
import { classesOf, type SealedField } from "./classes.ts";
import { clientCodec } from "./client.ts";
import { type EventCodec, recorded, type StoredShape } from "./codec.ts";
import { consentCodec } from "./consent.ts";
import { disclosureCodec } from "./disclosure.ts";
import { guestsCodec } from "./guests.ts";
import { invitationCodec } from "./invitation.ts";
import { keyringCodec } from "./keyring.ts";
import { ledgerCodec } from "./ledger.ts";
import { mailCodec } from "./mail.ts";
import { providerCodec } from "./provider.ts";
import { recoveryCodec } from "./recovery.ts";
import { registrationTokenCodec } from "./registration-token.ts";
import { resourceServerCodec } from "./resource-server.ts";
import { revocationCodec } from "./revocation.ts";
import { roleCodec } from "./role.ts";
import { sessionCodec } from "./session.ts";
import { signInCodec } from "./sign-in.ts";
import { storeCodec } from "./store.ts";
import { tokenCodec } from "./token.ts";
import { rotationCodec, tokenFamilyCodec } from "./token-family.ts";
import { tuplesCodec } from "./tuples.ts";
import { userCodec } from "./user.ts";

/** Any fact that this program knows. */
export type AnyEvent =
  | LedgerEvent
  | UserEvent
  | ArchitectsEvent
  | RoleEvent
  | InvitationEvent
  | KeyringEvent
  | ClientEvent
  | RegistrationTokenEvent
  | ResourceServerEvent
  | ProviderEvent
  | ConsentEvent
  | TokenFamilyEvent
  | RotationEvent
  | TokenEvent
  | SessionEvent
  | MailEvent
  | RevocationEvent
  | GuestsEvent
  | DisclosureEvent
  | RecoveryEvent
  | SignInEvent
  | StoreEvent
  | TuplesEvent;

/** What reading asks of a codec; writing goes through the aggregate's own. */
export type ReadCodec = Pick<EventCodec<AnyEvent>, "category" | "ledger" | "shapes" | "decode">;

/** Every codec there is. */
export const codecs: ReadonlyArray<ReadCodec> = [
  ledgerCodec,
  userCodec,
  architectsCodec,
  roleCodec,
  invitationCodec,
  keyringCodec,
  clientCodec,
  registrationTokenCodec,
  resourceServerCodec,
  providerCodec,
  consentCodec,
  tokenFamilyCodec,
  rotationCodec,
  tokenCodec,
  sessionCodec,
  mailCodec,
  revocationCodec,
  guestsCodec,
  disclosureCodec,
  recoveryCodec,
  signInCodec,
  storeCodec,
  tuplesCodec,
];

/** Every type of event that this program can read, by name. */
export const EVENT_TYPES: ReadonlyArray<string> = [
  ...new Set(codecs.flatMap(({ shapes }) => shapes.map(({ type }) => type))),
].toSorted();

/** One type in one version, as `GET /v1/ledger/catalogue` answers it. */
export type CatalogueItem = {
  readonly ledger: LedgerName;
  readonly category: string;
  readonly type: string;
  readonly schema: number;
  /** JSON Schema of `data`; each string says `class`: structural or sealed (with its `field`). */
  readonly data: Readonly<Record<string, unknown>>;
  readonly sample: StoredShape["sample"];
};

/** What every event type looks like, made when first asked for. */
export function catalogue(): ReadonlyArray<CatalogueItem> {
  items ??= codecs.flatMap(({ ledger, category, shapes }) =>
    shapes.map(({ type, schema, data, sample }) => ({
      ledger,
      category,
      type,
      schema,
      data: z.toJSONSchema(data),
      sample,
    })),
  );
  return items;
}
let items: ReadonlyArray<CatalogueItem> | undefined;

const byType = new Map(
  codecs.flatMap((codec) => codec.shapes.map(({ type }) => [type, codec] as const)),
);

/** The event of a record with its place; undefined when this program cannot read it. */
export function decodeAny(record: LedgerRecord): Recorded<AnyEvent> | undefined {
  const codec = byType.get(record.type);
  if (codec === undefined || codec.ledger !== record.ledger) return undefined;
  if (!record.stream.startsWith(`${codec.category}-`)) return undefined;
  const event = codec.decode(record);
  return event && recorded(event, record, codec.category);
}

/** The id part of a record's stream: after its category, which may have a dash of its own. */
export function subjectOf({ type, stream }: Pick<LedgerRecord, "type" | "stream">): string {
  const category = byType.get(type)?.category;
  if (category !== undefined && stream.startsWith(`${category}-`)) {
    return stream.slice(category.length + 1);
  }
  return stream.slice(stream.indexOf("-") + 1);
}

const sealedFields = new Map<string, ReadonlyArray<SealedField>>();

/** Where a type keeps personal values; empty for a type that is not known. */
export function sealedFieldsOf(type: string, schema: number): ReadonlyArray<SealedField> {
  const key = `${type} ${schema}`;
  const known = sealedFields.get(key);
  if (known !== undefined) return known;
  const shape = codecs
    .flatMap(({ shapes }) => shapes)
    .find((candidate) => candidate.type === type && candidate.schema === schema);
  if (shape === undefined) return [];
  const { sealed } = classesOf(shape.data);
  sealedFields.set(key, sealed);
  return sealed;
}

/** A personal value of one record; `path` leads to it through its data. */
export type SealedValue = {
  readonly path: ReadonlyArray<string>;
  readonly field: string;
  readonly sealed: Sealed;
};

/** The personal values of one record, ready to be opened. */
export function sealedIn(
  record: Pick<LedgerRecord, "type" | "schema" | "data">,
): ReadonlyArray<SealedValue> {
  return sealedFieldsOf(record.type, record.schema).flatMap(({ path, field }) =>
    valuesAt(record.data, path).flatMap((found) =>
      isSealed(found.value) ? [{ path: found.path, field, sealed: found.value }] : [],
    ),
  );
}

type Found = { readonly path: ReadonlyArray<string>; readonly value: unknown };

function valuesAt(data: unknown, path: ReadonlyArray<string>): ReadonlyArray<Found> {
  return path.reduce<ReadonlyArray<Found>>(
    (found, step) =>
      found.flatMap(({ path: before, value }) => {
        if (typeof value !== "object" || value === null) return [];
        if (step === "*") {
          return Object.entries(value).map(([at, inner]) => ({
            path: [...before, at],
            value: inner,
          }));
        }
        if (!Object.hasOwn(value, step)) return [];
        return [{ path: [...before, step], value: (value as Record<string, unknown>)[step] }];
      }),
    [{ path: [], value: data }],
  );
}
