import { ADA, DORA } from "./schemas.ts";
import { type Engine, type SourceDatabase, sourceDatabase } from "./source-database.ts";

/** The one id that is a UUID there. */
export const KEPT_ID = "0b2f6a52-8f0c-4d55-9d1a-0e6d3c0b7a11";
export const created = new Date("2024-02-03T04:05:06.789Z");
export const future = new Date("2999-01-01T00:00:00.000Z");
const past = new Date("2001-01-01T00:00:00.000Z");

const person = (id: string, email: string, more: object = {}) => ({
  id,
  name: id,
  email,
  emailVerified: false,
  image: null,
  createdAt: created,
  updatedAt: created,
  role: "user",
  banned: false,
  banReason: null,
  banExpires: null,
  username: null,
  displayUsername: null,
  ...more,
});
const account = (
  userId: string,
  providerId: string,
  accountId: string,
  password: string | null,
) => ({
  id: `${userId}-${providerId}`,
  issuer: `local:${providerId}`,
  accountId,
  providerId,
  userId,
  password,
  createdAt: created,
  updatedAt: created,
});

/** Better Auth: somebody with everything, banned ones, and three who cannot come. */
export async function betterAuth(engine: Engine, folder: string): Promise<SourceDatabase> {
  const database = await sourceDatabase("better-auth", engine, folder);
  const image = "https://example.com/ada.png";
  await database.insert("user", [
    person(KEPT_ID, "Ada@Example.com", {
      emailVerified: true,
      name: "Ada",
      image,
      role: "admin,chief",
      username: "ada_l",
      displayUsername: "Ada_L",
    }),
    person("xnumber2", "bob@example.com", { banned: true, banReason: "spam", banExpires: future }),
    person("xnumber3", "carol@example.com", { banned: true, banExpires: past, role: "chief" }),
    person("xnumber4", "no address"),
    person("xnumber5", "taken@example.com"),
    person("xnumber6", "ADA@EXAMPLE.COM", { name: "clash" }),
  ]);
  await database.insert("account", [
    account(KEPT_ID, "credential", KEPT_ID, ADA.hash),
    account(KEPT_ID, "google", "g-1", null),
    account("xnumber2", "credential", "xnumber2", "0:nonsense"),
    account("xnumber3", "github", "77", null),
  ]);
  return database;
}

/** Auth.js: with a password, with a provider alone, and with no way in. */
export async function authjs(engine: Engine, folder: string): Promise<SourceDatabase> {
  const database = await sourceDatabase("authjs", engine, folder);
  const [name, image, role] = [null, null, null];
  await database.insert("users", [
    {
      name: "Dora",
      email: "dora@example.com",
      emailVerified: created,
      image,
      password: DORA.hash,
      role,
    },
    {
      name,
      email: null,
      emailVerified: null,
      image: "javascript:1",
      password: null,
      role: "buyer",
    },
    { name, email: null, emailVerified: null, image, password: null, role },
  ]);
  const link = { type: "oauth", access_token: "not to be imported" };
  await database.insert("accounts", [
    { userId: 1, provider: "github", providerAccountId: "1", ...link },
    { userId: 2, provider: "discord", providerAccountId: "d-2", ...link },
  ]);
  return database;
}
