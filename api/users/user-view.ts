import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import { z } from "zod";
import type { WrappedDataKey } from "../../adapters/ports/ledger.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { Stamps } from "../../adapters/ports/stamps.ts";
import type { Sealed } from "../../domain/sealed.ts";
import { isBlockedAt } from "../../domain/user/mod.ts";
import { effectiveRoles, type UserRow } from "../../projections/users.ts";
import type { AsOf } from "../http/call.ts";

/** A personal value as a reader sees it: opened, or why it is not. */
export const Personal = z.union([
  z.string(),
  z.strictObject({ sealed: z.literal(true) }),
  z.strictObject({ erased: z.literal(true) }),
]);
export type Personal = z.output<typeof Personal>;

const personal = Personal.exactOptional();

/** A person or guest as the API shows them. */
export const UserView = z
  .strictObject({
    id: z.uuid(),
    email: personal,
    emailVerified: z.boolean(),
    username: personal,
    name: personal,
    image: personal,
    locale: personal,
    timezone: personal,
    bio: personal,
    phone: personal,
    address: personal,
    roles: z.array(z.string()),
    methods: z.array(z.enum(["password"])),
    status: z.enum(["active", "blocked", "erased"]),
    guest: z.boolean(),
    /** The account that a guest turned out to have: ask for that one. */
    mergedInto: z.uuid().exactOptional(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    lastSignInAt: z.iso.datetime().exactOptional(),
  })
  .meta({ title: "User" });
export type UserView = z.output<typeof UserView>;

export const UserAnswer = z.strictObject({ user: UserView });

const FIELDS = [
  "email",
  "username",
  "name",
  "image",
  "locale",
  "timezone",
  "bio",
  "phone",
  "address",
] as const;

type Look = {
  /** Whether this reader may read what is personal. */
  readonly opens: boolean;
  readonly known?: WrappedDataKey | undefined;
  /** In milliseconds since 1970 by user id; looked up unless given. The past knows none. */
  readonly signIns?: ReadonlyMap<string, number>;
};

/** What stands beside the ledger is known of now alone, whatever the past is asked for. */
export function volatileAt(asOf: AsOf | undefined): Pick<Look, "signIns"> {
  return asOf === undefined ? {} : { signIns: new Map() };
}

/** Rows of the users model as the reader may see them, opened with one look-up. */
export const viewUsers = (rows: ReadonlyArray<UserRow>, { opens, known, signIns }: Look) =>
  Effect.gen(function* () {
    const ids = rows.map(({ id }) => id);
    const lastSignIns = signIns ?? (yield* (yield* Stamps).get("sign-in", ids));
    const now = new Date(yield* Clock.currentTimeMillis).toISOString();
    const places = rows.flatMap((row, index) =>
      FIELDS.flatMap((field) => {
        const sealed: Sealed | undefined = row[field];
        return sealed === undefined ? [] : [{ index, field, sealed }];
      }),
    );
    const opened = opens
      ? yield* (yield* Sealer).open(
          places.map(({ field, sealed }) => ({
            ledger: "identity" as const,
            field: `user.${field}`,
            sealed,
          })),
          known === undefined ? [] : [known],
        )
      : [];
    const shown = rows.map((): { [field in (typeof FIELDS)[number]]?: Personal } => ({}));
    places.forEach(({ index, field }, at) => {
      const value = opens ? (opened[at] ?? { erased: true as const }) : { sealed: true as const };
      const view = shown[index];
      if (view !== undefined) view[field] = value;
    });
    return rows.map((row, index): UserView => {
      const { id, guest, createdAt, updatedAt } = row;
      const lastSignIn = row.status === "erased" ? undefined : lastSignIns.get(id);
      const lapsed = row.status === "blocked" && !isBlockedAt(row, now);
      return {
        id,
        ...shown[index],
        emailVerified: row.emailVerified,
        roles: [...effectiveRoles(row)],
        methods: row.password ? ["password"] : [],
        status: lapsed ? "active" : row.status,
        guest,
        ...(row.mergedInto === undefined ? {} : { mergedInto: row.mergedInto }),
        createdAt,
        updatedAt,
        ...(lastSignIn === undefined ? {} : { lastSignInAt: new Date(lastSignIn).toISOString() }),
      };
    });
  });
