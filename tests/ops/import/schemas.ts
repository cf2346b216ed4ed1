/*
 * Databases of other programs as they make them. Better Auth's are what `getMigrations` of 1.7.1
 * compiled with the plugins admin and username; Auth.js's is the schema of its pg adapter's page,
 * and in SQLite the same with the columns that projects with passwords add.
 */

const betterAuth = (truth: string, time: string): ReadonlyArray<string> => [
  `create table "user" ("id" text not null primary key, "name" text not null,
   "email" text not null unique, "emailVerified" ${truth} not null, "image" text,
   "createdAt" ${time} not null, "updatedAt" ${time} not null, "role" text, "banned" ${truth},
   "banReason" text, "banExpires" ${time}, "username" text unique, "displayUsername" text)`,
  `create table "account" ("id" text not null primary key, "issuer" text not null,
   "accountId" text not null, "providerId" text not null,
   "userId" text not null references "user" ("id") on delete cascade, "accessToken" text,
   "refreshToken" text, "idToken" text, "accessTokenExpiresAt" ${time},
   "refreshTokenExpiresAt" ${time}, "scope" text, "password" text, "createdAt" ${time} not null,
   "updatedAt" ${time} not null)`,
];

const authjs = (id: string, key: string, time: string): ReadonlyArray<string> => [
  `CREATE TABLE users (id ${id}, name VARCHAR(255), email VARCHAR(255), "emailVerified" ${time},
   image TEXT, password TEXT, role TEXT)`,
  `CREATE TABLE accounts (id ${id}, "userId" ${key} NOT NULL, type VARCHAR(255) NOT NULL,
   provider VARCHAR(255) NOT NULL, "providerAccountId" VARCHAR(255) NOT NULL, refresh_token TEXT,
   access_token TEXT, expires_at BIGINT, id_token TEXT, scope TEXT, session_state TEXT,
   token_type TEXT)`,
];

export const SCHEMAS = {
  "better-auth": {
    sqlite: betterAuth("integer", "date"),
    postgres: betterAuth("boolean", "timestamptz"),
  },
  authjs: {
    sqlite: authjs("INTEGER PRIMARY KEY", "INTEGER", "INTEGER"),
    postgres: authjs("SERIAL PRIMARY KEY", "INTEGER", "TIMESTAMPTZ"),
  },
} as const;

/** Made by Better Auth 1.7.1 itself for this password. */
export const ADA = {
  password: "ada's long passphrase",
  hash: [
    "5e333217bc82733728f95912eec5b69e:5064afab726df020f7c3810770a5a2010fa36610339ba0a",
    "0dec73f79f3405788cb845e0f290dfbe3db0234bd306b8e8fa71b85807165b43a534e1119e1de2f2",
    "0",
  ].join(""),
};

/** Made by bcryptjs with cost 10. */
export const DORA = {
  password: "dora has a passphrase",
  hash: "$2b$10$MEw.UTBr3IIzix2BSFwZgOJ1RBWUbFTRwHKZ2cvoC5bjZq3OzQWXy",
} as const;
