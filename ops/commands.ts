import * as Layer from "effect/Layer";
import type { Command, CommandError, CommandOption } from "./command.ts";
import type { Config } from "./config.ts";
import type { StoreServices } from "./store.ts";

/** What the work of a command may need from the store. */
export type Services = StoreServices;

const from: CommandOption = { type: "string", value: "POSITION", about: "first position" };

/** The table of commands: one entry each; the work is in the file that it imports. */
export const commands: ReadonlyArray<Command<Services>> = [
  {
    name: "serve",
    summary: "run the server",
    options: {
      "adopt-url": {
        type: "boolean",
        about: "take over a ledger of another issuer: AUTHLEDGER_URL is its issuer from now on",
      },
    },
    store: false,
    untilStopped: true,
    load: async () => ({ run: (await import("./commands/serve.ts")).serving(commands) }),
  },
  {
    name: "tour",
    summary: "see the main job end to end, on a ledger that is thrown away",
    options: {},
    store: false,
    load: () => import("./commands/tour.ts"),
  },
  {
    name: "replay",
    summary: "print history, or a row as it was",
    options: {
      user: { type: "string", value: "ID|E-MAIL", about: "events about one user" },
      stream: { type: "string", value: "STREAM", about: "events of one stream" },
      type: { type: "string", value: "TYPE", about: "events of one type" },
      ledger: { type: "string", value: "NAME", about: "identity (default) or activity" },
      from,
      to: { type: "string", value: "POSITION|TIME", about: "last position, or a time" },
      format: {
        type: "string",
        value: "FORMAT",
        about: "table (default), ndjson, cloudevents, ocsf",
      },
      "as-of": { type: "string", value: "POSITION|TIME", about: "print a row as it was then" },
      "read-model": { type: "string", value: "NAME", about: "whose row: users, roles, …" },
      key: { type: "string", value: "KEY", about: "which row" },
    },
    store: true,
    load: () => import("./commands/replay.ts"),
  },
  {
    name: "verify",
    summary: "prove that history and read models are intact",
    options: { from },
    store: true,
    load: () => import("./commands/verify.ts"),
  },
  {
    name: "rebuild",
    summary: "rebuild read models beside the ones in use, compare, switch",
    options: {},
    positionals: "[NAME…]",
    store: true,
    load: () => import("./commands/rebuild.ts"),
  },
  {
    name: "rotate-keys",
    summary: "let the standbys sign tokens from now on",
    options: { force: { type: "boolean", about: "also those that clients may not know yet" } },
    folds: true,
    store: true,
    load: () => import("./commands/rotate-keys.ts"),
  },
  {
    name: "erase",
    summary: "erase a person: their data key is destroyed, the proofs stay valid",
    options: { yes: { type: "boolean", about: "do it; without it, only say what would happen" } },
    positionals: "ID|E-MAIL",
    folds: true,
    store: true,
    load: () => import("./commands/erase.ts"),
  },
  {
    name: "import",
    summary: "bring in users of Better Auth or Auth.js, with their passwords and accounts",
    options: {
      from: { type: "string", value: "URL|FILE", about: "their database: postgres://… or SQLite" },
      roles: { type: "string", value: "FROM=TO,…", about: "what their roles are called here" },
      "dry-run": { type: "boolean", about: "say what would come, and append nothing" },
    },
    positionals: "better-auth|authjs",
    folds: true,
    store: true,
    load: () => import("./commands/import.ts"),
  },
  {
    name: "appoint-architect",
    summary: "print a link, good once, by which somebody signs in and becomes an architect",
    options: {},
    positionals: "ID|E-MAIL",
    store: true,
    load: () => import("./commands/appoint-architect.ts"),
  },
  {
    name: "doctor",
    summary: "check the installation",
    options: {},
    store: true,
    load: () => import("./commands/doctor.ts"),
  },
];

/**
 * The store that the configuration names, opened as a guest: nothing is migrated, and projections
 * run only for a command that writes.
 */
export const openStore = async (
  config: Config,
  { folds = false }: { readonly folds?: boolean },
): Promise<Layer.Layer<Services, CommandError>> => {
  const { storeLayer } = await import("./store.ts");
  const { createLog, logLayer } = await import("./log.ts");
  // What adapters log goes beside the command's own output.
  const log = logLayer(createLog(config.logLevel, process.stderr), config.logLevel);
  const store = storeLayer(config, { migrate: false, run: folds, anyIssuer: true });
  return Layer.provideMerge(store, log);
};
