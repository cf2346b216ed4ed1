import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import { ownPostgres } from "../../support/databases.ts";
import { onPostgres } from "../../support/postgres.ts";

/** Where an installation of one suite lives; remove it when the suite is done. */
export type Place = {
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly remove: () => Promise<void>;
};

export const ON_STORES = ["pglite", "postgres"] as const;
export type OnStore = (typeof ON_STORES)[number];

export const place = async (store: OnStore): Promise<Place> => {
  const folder = mkdtempSync(join(tmpdir(), "authledger-commands-"));
  const database = store === "postgres" ? await ownPostgres() : undefined;
  return {
    folder,
    variables: database === undefined ? {} : { DATABASE_URL: database.url },
    remove: async () => {
      rmSync(folder, { recursive: true, force: true });
      await database?.drop();
    },
  };
};

/** The same tests on the embedded store and on Postgres. */
export const onEachStore = (title: string, tests: (store: OnStore) => void): void => {
  describe(`${title} on pglite`, () => tests("pglite"));
  describe(`${title} on postgres`, onPostgres, () => tests("postgres"));
};
