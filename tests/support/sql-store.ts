import * as Layer from "effect/Layer";
import * as Redacted from "effect/Redacted";
import { layer as keyring } from "../../adapters/crypto/keyring.ts";
import { layer as sealer } from "../../adapters/crypto/sealer.ts";
import { USER_SEARCH_FOLLOWER } from "../../adapters/reactions/user-search.ts";
import { layer as answers } from "../../adapters/sql/answers.ts";
import { layer as artefacts } from "../../adapters/sql/artefacts.ts";
import { layer as consumers } from "../../adapters/sql/consumers.ts";
import { layer as custody } from "../../adapters/sql/custody.ts";
import { layer as guestBook } from "../../adapters/sql/guest-book.ts";
import { layer as ledgers } from "../../adapters/sql/ledger.ts";
import { layer as logoutNotices } from "../../adapters/sql/logout-notices.ts";
import { layer as mail } from "../../adapters/sql/mail.ts";
import { migrate } from "../../adapters/sql/migrate.ts";
import { layer as rootKeys } from "../../adapters/sql/root-keys.ts";
import { layer as stamps } from "../../adapters/sql/stamps.ts";
import { layer as throttles } from "../../adapters/sql/throttles.ts";
import { layer as userSearch } from "../../adapters/sql/user-search.ts";
import { States } from "../../adapters/transact.ts";
import type { DatabaseLayer } from "./databases.ts";

/** A secret whose every byte is this. */
export const secretOf = (byte: number) => Redacted.make(new Uint8Array(32).fill(byte));

/** Database and root keys of a ledger, migrated, under one secret. */
export const keysOn = (database: DatabaseLayer, secrets = [secretOf(7)]) =>
  keyring(secrets).pipe(
    Layer.provideMerge(rootKeys),
    Layer.provideMerge(Layer.effectDiscard(migrate).pipe(Layer.provideMerge(database))),
  );

/** Everything that one process has of a store but its read models. */
export const ledgersOn = (database: DatabaseLayer) =>
  Layer.mergeAll(
    answers,
    artefacts,
    consumers,
    logoutNotices,
    mail,
    sealer,
    stamps,
    throttles,
    userSearch(USER_SEARCH_FOLLOWER),
    guestBook,
  ).pipe(
    Layer.provideMerge(Layer.mergeAll(ledgers, custody, States.layer)),
    Layer.provideMerge(keysOn(database)),
  );
