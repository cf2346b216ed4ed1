import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { type Config, readConfig } from "../../ops/config.ts";
import { found } from "../../ops/found.ts";
import { type StoreServices, storeLayer } from "../../ops/store.ts";
import { UsageError } from "../../ops/usage-error.ts";

/** Of the ledgers that are kept between runs, so it is written down; it protects nothing. */
const SECRET = Buffer.alloc(32, "bench").toString("base64");

/** Whoever has it is the first architect of a ledger here. */
export const SETUP_TOKEN = "the set-up token of the bench";

/** The issuer of every ledger here; the port that is listened on is another matter. */
export const URL_OF_ALL = "http://localhost:4000";

/** Where one ledger lives: a Postgres database, or PGlite in the folder. */
export type Place = { readonly postgres?: string; readonly folder: string };

/** The environment of a server over it. */
export function environmentOf({ postgres, folder }: Place): Readonly<Record<string, string>> {
  return {
    AUTHLEDGER_URL: URL_OF_ALL,
    AUTHLEDGER_SECRET: SECRET,
    AUTHLEDGER_DATA: folder,
    AUTHLEDGER_SIGNUP: "open",
    AUTHLEDGER_SETUP_TOKEN: SETUP_TOKEN,
    LOG_LEVEL: "warn",
    // Load generators say for each request where it comes from: one network would be throttled.
    AUTHLEDGER_TRUST_PROXY: "127.0.0.1/32",
    ...(postgres !== undefined && { DATABASE_URL: postgres }),
  };
}

function configOf(place: Place): Config {
  const config = readConfig(environmentOf(place), place.folder);
  if (config instanceof UsageError) throw config;
  return config;
}

/** A ledger opened in this process, with the layers that the server has. */
export type OpenStore = {
  readonly run: <A, E>(effect: Effect.Effect<A, E, StoreServices>) => Promise<A>;
  readonly close: () => Promise<void>;
};

/** Opens and founds it; `project`: with its projections running. */
export async function openStore(
  place: Place,
  { project }: { readonly project: boolean },
): Promise<OpenStore> {
  const config = configOf(place);
  const layer = storeLayer(config, { migrate: true, run: project, anyIssuer: false });
  const runtime = ManagedRuntime.make(
    Layer.effectDiscard(found(config, { adoptUrl: false })).pipe(Layer.provideMerge(layer)),
  );
  await runtime.runPromise(Effect.void);
  return { run: (effect) => runtime.runPromise(effect), close: () => runtime.dispose() };
}
