import * as Clock from "effect/Clock";
import type * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import type { OpenidPerson } from "../../adapters/ports/openid-host.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import type { JsonObject } from "../../domain/json.ts";
import { isBlockedAt } from "../../domain/user/mod.ts";
import { effectiveRoles, type UserRow } from "../../projections/users.ts";
import type { Services } from "../http/services.ts";
import type { Settings } from "../http/settings.ts";
import { type Personal, type UserView, viewUsers } from "../users/user-view.ts";

/** Somebody whom a token may be about; undefined for who is blocked, erased or never was. */
export const openidPerson = (
  settings: Settings,
  services: Context.Context<Services>,
  userId: string,
): Effect.Effect<OpenidPerson | undefined, Failed, ReadModels> =>
  Effect.gen(function* () {
    const found = yield* (yield* ReadModels).get("users", userId);
    if (found === undefined) return undefined;
    const row = found.row as UserRow;
    const now = new Date(yield* Clock.currentTimeMillis).toISOString();
    if (row.status === "erased" || isBlockedAt(row, now)) return undefined;
    const shown = Effect.map(viewUsers([row], { opens: true, signIns: new Map() }), ([view]) =>
      view === undefined ? {} : claimsOf(settings, view),
    );
    return {
      userId,
      roles: [...effectiveRoles(row)],
      position: found.position,
      claims: () => Effect.runPromiseWith(services)(shown),
    };
  });

type Failed = Effect.Error<ReturnType<ReadModels["Service"]["get"]>>;

/**
 * What is told of somebody, by the names that the protocol has for it. An address that nobody
 * proved is told only where the server asks for no proof.
 *
 * Source: OpenID Connect Core 1.0, section 5.1.
 */
export function claimsOf({ verifyEmail }: Settings, view: UserView): JsonObject {
  const { name, username, image, locale, timezone, phone, address, email, emailVerified } = view;
  const tells = emailVerified || verifyEmail === "never";
  return Object.fromEntries(
    Object.entries({
      name: said(name),
      preferred_username: said(username),
      picture: said(image),
      locale: said(locale),
      zoneinfo: said(timezone),
      updated_at: Math.floor(Date.parse(view.updatedAt) / 1000),
      email: tells ? said(email) : undefined,
      email_verified: tells && said(email) !== undefined ? emailVerified : undefined,
      phone_number: said(phone),
      // Nobody ever proved it.
      phone_number_verified: said(phone) === undefined ? undefined : false,
      address: said(address) === undefined ? undefined : { formatted: said(address) },
    }).filter(([, value]) => value !== undefined),
  ) as JsonObject;
}

function said(value: Personal | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
