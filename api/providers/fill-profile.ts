import * as Effect from "effect/Effect";
import type { z } from "zod";
import type { IssuerClaims } from "../../adapters/ports/openid-issuers.ts";
import type { RequestContext } from "../http/call.ts";
import { commandUser } from "../users/command-user.ts";
import { dataKeyOf } from "../users/data-key.ts";
import { Profile } from "../users/revise-profile.ts";
import { settled } from "../users/settled.ts";

const FIELDS = ["name", "image", "locale", "timezone"] as const;

/** What a provider tells of somebody, as far as it could be a profile of ours. */
function told(claims: IssuerClaims): ReadonlyArray<readonly [string, string]> {
  const shape: Readonly<Record<string, z.ZodType>> = Profile.shape;
  return FIELDS.flatMap((field) => {
    const value = claims[field];
    const parsed = value === undefined ? undefined : shape[field]?.safeParse(value).data;
    return typeof parsed === "string" ? [[field, parsed] as const] : [];
  });
}

/** The name of somebody new. */
export function nameIn(claims: IssuerClaims): string | undefined {
  return told(claims).find(([field]) => field === "name")?.[1];
}

/** Fills what is empty, once: when an account is linked. What somebody says here stays theirs. */
export const fillProfile = (context: RequestContext, userId: string, claims: IssuerClaims) =>
  Effect.gen(function* () {
    const values = told(claims);
    if (values.length === 0) return;
    const { key, create } = yield* dataKeyOf(userId);
    const sealed = values.map(([field, value]) => [
      field,
      key.seal("identity", `user.${field}`, value),
    ]);
    const { outcome } = yield* commandUser(context, {
      userId,
      step: "fill",
      command: { type: "FillProfile", values: Object.fromEntries(sealed) },
      along: () => ({ dataKeys: { create } }),
    });
    yield* settled(outcome);
  });
