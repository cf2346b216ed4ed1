import * as Effect from "effect/Effect";
import type { UsageError } from "../usage-error.ts";
import type { Row, Tables } from "./open-tables.ts";
import type { ImportSource, Key, SourceAccount, SourceUser } from "./source-user.ts";
import { findTable, neededTable, quoted, type Table } from "./table.ts";
import { textOf, timeOf, truthOf } from "./values.ts";

/** Users read at once: with their accounts some hundred kilobytes. */
const PAGE_USERS = 500;

/** What differs between the programs whose databases are read. */
type Dialect = {
  readonly users: ReadonlyArray<string>;
  readonly accounts: ReadonlyArray<string>;
  /** Columns of the accounts: provider, subject there, and whose it is. */
  readonly provider: string;
  readonly subject: string;
  /** An account of this provider holds a password instead of a link. */
  readonly credential: string | undefined;
  /** Whether the column `emailVerified` is a time (or nothing) instead of a truth. */
  readonly verifiedAt: boolean;
};

/** Source: better-auth.com/docs/concepts/database, version 1.7; plugins admin and username. */
const BETTER_AUTH: Dialect = {
  users: ["user", "users"],
  accounts: ["account", "accounts"],
  provider: "providerId",
  subject: "accountId",
  credential: "credential",
  verifiedAt: false,
};

/** Source: authjs.dev/getting-started/adapters/pg, and the Prisma and Drizzle adapters' names. */
const AUTHJS: Dialect = {
  users: ["users", "User", "user"],
  accounts: ["accounts", "Account", "account"],
  provider: "provider",
  subject: "providerAccountId",
  credential: undefined,
  verifiedAt: true,
};

/** The programs whose users can be imported. */
export const DIALECTS: Readonly<Record<string, Dialect>> = {
  "better-auth": BETTER_AUTH,
  authjs: AUTHJS,
};

/**
 * Reads users with their accounts, whatever optional columns there are.
 *
 * Errors: the tables are not there.
 */
export const importSource = Effect.fnUntraced(function* (
  tables: Tables,
  dialect: Dialect,
): Effect.fn.Return<ImportSource, UsageError> {
  const users = yield* neededTable(tables, dialect.users, ["id", "email", "emailVerified"]);
  const wanted = ["userId", dialect.provider, dialect.subject];
  const found = yield* findTable(tables, dialect.accounts);
  const accounts = found && (yield* neededTable(tables, [found.name], wanted));
  const from = `${quoted(users.name)}`;
  const id = quoted(users.column("id") ?? "id");
  return {
    count: tables
      .query(`SELECT count(*) AS count FROM ${from}`, [])
      .pipe(Effect.map(([row]) => Number(row?.["count"] ?? 0))),
    page: Effect.fnUntraced(function* (after) {
      const rows = yield* tables.query(
        `SELECT * FROM ${from} ${after === undefined ? "" : `WHERE ${id} > ?`}
         ORDER BY ${id} LIMIT ${PAGE_USERS}`,
        after === undefined ? [] : [after],
      );
      const keys = rows.map((row) => users.value(row, "id") as Key);
      const byUser = yield* accountsOf(tables, accounts, keys);
      return {
        users: rows.map((row) => userOf(users, row, { dialect, accounts, byUser })),
        last: keys[keys.length - 1],
      };
    }),
  };
});

const accountsOf = Effect.fnUntraced(function* (
  tables: Tables,
  accounts: Table | undefined,
  keys: ReadonlyArray<Key>,
): Effect.fn.Return<ReadonlyMap<string, ReadonlyArray<Row>>, UsageError> {
  const byUser = new Map<string, Array<Row>>();
  if (accounts === undefined || keys.length === 0) return byUser;
  const owner = quoted(accounts.column("userId") ?? "userId");
  const order = quoted(accounts.column("id") ?? accounts.column("userId") ?? "userId");
  const marks = keys.map(() => "?").join(", ");
  const rows = yield* tables.query(
    `SELECT * FROM ${quoted(accounts.name)} WHERE ${owner} IN (${marks}) ORDER BY ${order}`,
    keys,
  );
  for (const row of rows) {
    const key = String(accounts.value(row, "userId"));
    byUser.set(key, [...(byUser.get(key) ?? []), row]);
  }
  return byUser;
});

type Beside = {
  readonly dialect: Dialect;
  readonly accounts: Table | undefined;
  readonly byUser: ReadonlyMap<string, ReadonlyArray<Row>>;
};

function userOf(users: Table, row: Row, { dialect, accounts, byUser }: Beside): SourceUser {
  const value = (name: string) => users.value(row, name);
  const id = String(value("id"));
  const verified = value("emailVerified");
  const mine = accounts === undefined ? [] : (byUser.get(id) ?? []);
  const linked: Array<SourceAccount> = [];
  let passwordHash = textOf(value("password"));
  for (const account of mine) {
    const provider = textOf(accounts?.value(account, dialect.provider)) ?? "";
    if (provider === dialect.credential) {
      passwordHash = textOf(accounts?.value(account, "password")) ?? passwordHash;
    } else {
      linked.push({ provider, subject: textOf(accounts?.value(account, dialect.subject)) ?? "" });
    }
  }
  return {
    id,
    email: textOf(value("email")),
    emailVerified: dialect.verifiedAt ? timeOf(verified) !== undefined : truthOf(verified),
    username: textOf(value("displayUsername")) ?? textOf(value("username")),
    name: textOf(value("name")),
    image: textOf(value("image")),
    phone: textOf(value("phoneNumber")),
    roles: (textOf(value("role")) ?? "").split(",").flatMap((role) => role.trim() || []),
    createdAt: timeOf(value("createdAt")),
    block: truthOf(value("banned"))
      ? { reason: textOf(value("banReason")), until: timeOf(value("banExpires")) }
      : undefined,
    passwordHash,
    accounts: linked,
  };
}
