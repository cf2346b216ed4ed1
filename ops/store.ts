import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Redacted from "effect/Redacted";
import { layer as passwordHash } from "../adapters/argon2/password-hash.ts";
import { layer as keyring, WrongSecret } from "../adapters/crypto/keyring.ts";
import { wrapperOf } from "../adapters/crypto/root-keys.ts";
import { layer as sealer } from "../adapters/crypto/sealer.ts";
import { layer as tokenModels } from "../adapters/fold/token-models.ts";
import { layer as accessTokens } from "../adapters/jose/access-tokens.ts";
import { layer as keyPairs } from "../adapters/jose/key-pairs.ts";
import { layer as openidIssuers } from "../adapters/openid-client/openid-issuers.ts";
import { layer as outbound } from "../adapters/outbound/outbound.ts";
import { layer as pglite } from "../adapters/pglite/database.ts";
import { makeFolder } from "../adapters/pglite/new-folder.ts";
import { template } from "../adapters/pglite/template.ts";
import { vacuumNowAndThen } from "../adapters/pglite/vacuum.ts";
import { layer as postgres } from "../adapters/postgres/database.ts";
import { USER_SEARCH_FOLLOWER } from "../adapters/reactions/user-search.ts";
import { layer as answers } from "../adapters/sql/answers.ts";
import { layer as artefacts } from "../adapters/sql/artefacts.ts";
import { layer as consumers } from "../adapters/sql/consumers.ts";
import { layer as custody } from "../adapters/sql/custody.ts";
import { Database } from "../adapters/sql/database.ts";
import { foundingOf } from "../adapters/sql/founding.ts";
import { layer as guestBook } from "../adapters/sql/guest-book.ts";
import { layer as leases } from "../adapters/sql/leases.ts";
import { layer as ledgers } from "../adapters/sql/ledger.ts";
import { layer as logoutNotices } from "../adapters/sql/logout-notices.ts";
import { layer as mail } from "../adapters/sql/mail.ts";
import { migrate, migrations, schemaVersion } from "../adapters/sql/migrate.ts";
import { layer as readModels } from "../adapters/sql/read-models.ts";
import { layer as rootKeys } from "../adapters/sql/root-keys.ts";
import { layer as sessionLookup } from "../adapters/sql/session-lookup.ts";
import { layer as stamps } from "../adapters/sql/stamps.ts";
import { layer as throttles } from "../adapters/sql/throttles.ts";
import { tracedDatabase } from "../adapters/sql/traced-database.ts";
import { layer as userSearch } from "../adapters/sql/user-search.ts";
import { States } from "../adapters/transact.ts";
import type { CommandError } from "./command.ts";
import type { Config } from "./config.ts";
import { hasDevelopmentSecret, secretsOf } from "./development-secret.ts";
import { folderLock } from "./folder-lock.ts";
import { checkIssuer } from "./issuer.ts";
import { metricRegistry } from "./metric-registry.ts";
import { tracing } from "./tracing.ts";
import { type UsageError, usageError } from "./usage-error.ts";

export type StoreOptions = {
  /** The server brings the schema up to date; a command beside it takes what it finds. */
  readonly migrate: boolean;
  /** Whether this process runs projections. */
  readonly run: boolean;
  /** Whether a ledger of another issuer is opened all the same. */
  readonly anyIssuer: boolean;
};

/** Where `npm run build` and the tests keep the dump of an empty PGlite. */
const CACHE = fileURLToPath(new URL("../.cache", import.meta.url));

/** The folder of the embedded database, under the data folder. */
export const PGLITE_FOLDER = "pglite";

/** The ledger that the configuration names, with all that serves it; checks come before changes. */
export const storeLayer = (config: Config, options: StoreOptions) => {
  const opened = databaseLayer(config, options);
  const database = config.otelEndpoint === undefined ? opened : tracedDatabase(opened);
  const checked = Layer.effectDiscard(check(config, options)).pipe(Layer.provideMerge(database));
  const keys = Layer.unwrap(Effect.map(secrets(config), keyring));
  const vacuum = Layer.effectDiscard(
    Effect.gen(function* () {
      const { kind } = yield* Database;
      if (kind === "pglite" && options.run) yield* Effect.forkScoped(vacuumNowAndThen);
    }),
  );
  return Layer.mergeAll(
    sealer,
    sessionLookup,
    answers,
    consumers,
    leases,
    logoutNotices,
    mail,
    stamps,
    throttles,
    userSearch(USER_SEARCH_FOLLOWER),
    guestBook,
    keyPairs,
    accessTokens.pipe(Layer.provideMerge(tokenModels)),
    openidIssuers.pipe(Layer.provideMerge(outbound({ allow: config.outboundAllow }))),
    vacuum,
  ).pipe(
    Layer.provideMerge(readModels({ run: options.run })),
    Layer.provideMerge(Layer.mergeAll(ledgers, custody, artefacts, States.layer, passwordHash())),
    Layer.provideMerge(keys),
    Layer.provideMerge(rootKeys),
    Layer.provideMerge(checked),
    Layer.provideMerge(metricRegistry),
    Layer.provideMerge(tracing(config)),
  );
};

export type StoreServices = Layer.Success<ReturnType<typeof storeLayer>>;

const databaseLayer = (
  config: Config,
  options: StoreOptions,
): Layer.Layer<Database, CommandError> => {
  const { store, dataFolder } = config;
  switch (store.kind) {
    case "memory":
      return Layer.effectDiscard(
        usageError("Cannot open the memory store here: it lives and ends with its server"),
      ).pipe(Layer.provideMerge(pglite({ folder: undefined })));
    case "pglite":
      return Layer.unwrap(
        Effect.gen(function* () {
          const folder = join(dataFolder, PGLITE_FOLDER);
          // A command that only looks makes nothing, not even the folder.
          if (!options.migrate && !existsSync(folder)) return yield* noLedger(dataFolder);
          yield* folderLock(dataFolder);
          if (!existsSync(folder)) {
            // A secret that cannot be used is found before there is a database without one.
            yield* secrets(config);
            yield* Effect.logInfo("Making the embedded database, which takes some seconds");
            yield* Effect.promise(async () => makeFolder(folder, await template(CACHE, false)));
          }
          // PGlite's files are open to everybody: the folder keeps others out, whatever its parent.
          chmodSync(folder, 0o700);
          return pglite({ folder });
        }),
      );
    case "postgres":
      return postgres({ url: store.url });
    default:
      return store satisfies never;
  }
};

/** Refuses what this program must not open, before anything is changed. */
const check = Effect.fnUntraced(function* (config: Config, options: StoreOptions) {
  const found = yield* schemaVersion;
  const known = migrations().at(-1)?.version ?? 0;
  if (!options.migrate && found === 0) return yield* noLedger("this database");
  if (!options.migrate && found < known) {
    return yield* usageError(
      `Cannot open this ledger: its schema is version ${found}, this program's ${known}; ` +
        "restart the server with this program first",
    );
  }
  if (found <= known && !options.anyIssuer) {
    const refused = checkIssuer(config, (yield* foundingOf)?.issuer);
    if (refused !== undefined) return yield* refused;
  }
  if (found > 0 && found <= known) yield* checkSecrets(config);
  yield* migrate;
});

const noLedger = (where: string) =>
  usageError(`There is no ledger in ${where} yet: \`authledger serve\` founds one`);

/** Only who holds the secret of this ledger may change anything in it. */
const checkSecrets = Effect.fnUntraced(function* (config: Config) {
  const rows = yield* (yield* Database).query<{ secretId: string }>(
    `SELECT DISTINCT secret_id AS "secretId" FROM authledger.root_keys WHERE ledger = 'identity'`,
  );
  if (rows.length === 0) return;
  if (config.secrets.length === 0 && !hasDevelopmentSecret(config)) {
    return yield* usageError(
      "Cannot open this ledger: its keys need AUTHLEDGER_SECRET, which is not set",
    );
  }
  const ids = (yield* secrets(config)).map((one) => wrapperOf(Redacted.value(one)).secretId);
  const unknown = rows.find(({ secretId }) => !ids.includes(secretId));
  if (unknown !== undefined) return yield* new WrongSecret({ wanted: unknown.secretId });
});

const secrets = (config: Config) =>
  Effect.try({ try: () => secretsOf(config), catch: (cause) => cause as UsageError });
