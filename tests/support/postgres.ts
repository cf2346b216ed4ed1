declare module "vitest" {
  interface TaskMeta {
    /** Why a test was skipped; the table at the end of a run says it. */
    skipped?: string;
  }
}

/** The throw-away database of this test run; undefined where no server was found. */
export const postgresUrl: string | undefined = process.env["AUTHLEDGER_TEST_POSTGRES"];

/** Options of a test or a group that needs Postgres, with the reason of its skip. */
export const onPostgres = {
  skip: postgresUrl === undefined,
  meta: { skipped: "no Postgres: name one with DATABASE_URL" },
};
