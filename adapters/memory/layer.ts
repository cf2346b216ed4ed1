import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { invariant } from "../../domain/invariant.ts";
import type { LedgerName } from "../../domain/ledger/entry.ts";
import { type ReadModel, readModels } from "../../projections/catalogue.ts";
import { appendMeter } from "../commit/append-metrics.ts";
import { decodeRecord } from "../commit/decode-record.ts";
import type { Answers } from "../ports/answers.ts";
import type { Artefacts } from "../ports/artefacts.ts";
import { Claims } from "../ports/claims.ts";
import { DataKeys } from "../ports/data-keys.ts";
import type { GuestBook } from "../ports/guest-book.ts";
import { Keyring } from "../ports/keyring.ts";
import type { KnownDevices } from "../ports/known-devices.ts";
import { LedgerCorrupt, Ledgers } from "../ports/ledger.ts";
import type { LogoutNotices } from "../ports/logout-notices.ts";
import type { OneTimeTokens } from "../ports/one-time-tokens.ts";
import type { Outbox } from "../ports/outbox.ts";
import { ReadModels } from "../ports/read-models.ts";
import type { Stamps } from "../ports/stamps.ts";
import type { Throttles } from "../ports/throttles.ts";
import type { UserSearch } from "../ports/user-search.ts";
import { Vault } from "../ports/vault.ts";
import { layer as answers } from "./answers.ts";
import { layer as artefacts } from "./artefacts.ts";
import { memoryClaims } from "./claims.ts";
import { memoryDataKeys } from "./data-keys.ts";
import { layer as guestBook } from "./guest-book.ts";
import { memoryLedger } from "./ledger.ts";
import { layer as logoutNotices } from "./logout-notices.ts";
import { layer as mail } from "./mail.ts";
import { memoryReadModels } from "./read-models.ts";
import { layer as stamps } from "./stamps.ts";
import { emptyStore } from "./store.ts";
import { layer as throttles } from "./throttles.ts";
import { layer as userSearch } from "./user-search.ts";

type Ports = Ledgers | Claims | Vault | DataKeys | ReadModels;
type Volatile =
  | Answers
  | Artefacts
  | KnownDevices
  | LogoutNotices
  | OneTimeTokens
  | Outbox
  | Stamps
  | Throttles
  | UserSearch
  | GuestBook;

/**
 * Every port that an append changes, over one store in memory, and what is volatile. Root keys are
 * a layer of their own, because the keyring that this one needs is made from them.
 */
export function layer(
  models: ReadonlyArray<ReadModel> = readModels,
): Layer.Layer<Ports | Volatile, never, Keyring> {
  return Layer.mergeAll(
    answers,
    artefacts,
    logoutNotices,
    stamps,
    throttles,
    userSearch,
    guestBook,
    mail.pipe(Layer.provideMerge(Layer.effectContext(ports(models)))),
  );
}

const ports = Effect.fnUntraced(function* (
  models: ReadonlyArray<ReadModel>,
): Effect.fn.Return<Context.Context<Ports>, never, Keyring> {
  const keyring = yield* Keyring;
  const context = yield* Effect.context<never>();
  const store = emptyStore();
  const { service, folds } = memoryReadModels(store, models);
  const upTo = { identity: 0, activity: 0 };
  /** Brings the read models to the head, before the append is answered. */
  const refold = (name: LedgerName) => {
    const { rows } = store.tables[name];
    for (; upTo[name] < rows.length; upTo[name]++) {
      const row = rows[upTo[name]];
      const record = row === undefined ? undefined : decodeRecord(keyring, row);
      invariant(
        record !== undefined && !(record instanceof LedgerCorrupt),
        "what was just appended can be read",
      );
      folds(name, [record]);
    }
  };
  const ledger = (name: LedgerName) => {
    const plain = memoryLedger(store, name, keyring);
    const meter = appendMeter(name, context);
    const folded = models.some((model) => model.ledger === name);
    const append = andThen(plain.append, (request, { repeated }) => {
      if (!repeated) meter.appended(request);
      if (folded) refold(name);
    });
    return { ...plain, append };
  };
  /** A follower may see an entry before its append is answered: whoever waits for it folds it. */
  const reach: ReadModels["Service"]["reach"] = (model, position, deadlineMs) =>
    Effect.suspend(() => {
      for (const name of new Set(models.map((each) => each.ledger))) refold(name);
      return service.reach(model, position, deadlineMs);
    });
  return Context.make(Ledgers, { identity: ledger("identity"), activity: ledger("activity") }).pipe(
    Context.add(Claims, memoryClaims(store)),
    Context.add(Vault, { get: (id) => Effect.sync(() => store.vault.get(id)) }),
    Context.add(DataKeys, memoryDataKeys(store)),
    Context.add(ReadModels, { ...service, reach }),
  );
});

function andThen<Request, A, E>(
  append: (request: Request) => Effect.Effect<A, E>,
  after: (request: Request, answer: A) => void,
): (request: Request) => Effect.Effect<A, E> {
  return (request) =>
    Effect.tap(append(request), (answer) => Effect.sync(() => after(request, answer)));
}
