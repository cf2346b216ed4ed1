import * as Effect from "effect/Effect";
import { z } from "zod";
import { userCodec } from "../../adapters/codec/user.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { load } from "../../adapters/transact.ts";
import type { Sealed } from "../../domain/sealed.ts";
import { type ProfileField, user } from "../../domain/user/mod.ts";
import type { Call } from "../http/call.ts";
import { text } from "../http/schemas.ts";
import { NAME_MAX } from "../sign-up/sign-up.ts";
import { commandUser } from "./command-user.ts";
import { dataKeyOf } from "./data-key.ts";
import { settled } from "./settled.ts";
import { showUser } from "./show-user.ts";
import { administration } from "./standing.ts";

/** Characters; all of them together fit an entry. */
const URL_MAX = 2048;
const SHORT_MAX = 64;
const BIO_MAX = 2000;
const ADDRESS_MAX = 500;

/** Control and format characters, such as those that turn text around, and white space. */
const UNSEEN = /[\s\p{C}]/u;

/** Where a picture is: http or https, without name and password, as a browser writes it. */
const ImageUrl = z
  .string()
  .max(URL_MAX)
  .refine((value) => !UNSEEN.test(value) && URL.canParse(value))
  .transform((value) => new URL(value))
  .refine(({ protocol, username, password }) => {
    return /^https?:$/.test(protocol) && username === "" && password === "";
  })
  .transform(({ href }) => href);

/** A well-formed language tag (BCP 47), such as `de-AT`. */
const Locale = text(SHORT_MAX).refine((value) => {
  try {
    return Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
});

/** A time zone that times can be written in, such as `Europe/Berlin`. */
const Timezone = text(SHORT_MAX).refine((value) => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }) !== undefined;
  } catch {
    return false;
  }
});

/** What a person tells about themselves; `null` clears a field. */
export const Profile = z.strictObject({
  name: text(NAME_MAX).nullable().exactOptional(),
  image: ImageUrl.nullable().exactOptional(),
  locale: Locale.nullable().exactOptional(),
  timezone: Timezone.nullable().exactOptional(),
  bio: text(BIO_MAX).nullable().exactOptional(),
  phone: text(SHORT_MAX).nullable().exactOptional(),
  address: text(ADDRESS_MAX).nullable().exactOptional(),
});

/** Revises what is told about somebody, by themselves or by who administers them. */
export const reviseProfile = (
  call: Call<unknown, unknown, z.output<typeof Profile>>,
  userId: string,
) =>
  Effect.gen(function* () {
    const { key, create } = yield* dataKeyOf(userId);
    const changed = yield* differing(userId, call.body);
    const changes = Object.fromEntries(
      changed.map(([field, value]) => [
        field,
        value === null ? null : key.seal("identity", `user.${field}`, value),
      ]),
    );
    const { outcome, position } = yield* commandUser(call, {
      userId,
      actorId: call.caller.userId,
      command: {
        type: "ReviseProfile",
        changes,
        ...(yield* administration(call.caller, userId)),
      },
      along: () => ({ dataKeys: { create } }),
    });
    yield* settled(outcome);
    return { status: 200, body: { user: yield* showUser(userId, position) }, position };
  });

type Wanted = { readonly [field in ProfileField]?: string | null };

/** Sealing the same text twice gives other bytes, so what is the same is left out before. */
const differing = (userId: string, wanted: Wanted) =>
  Effect.gen(function* () {
    const { state } = yield* load({ decider: user, codec: userCodec }, userId);
    const fields = Object.entries(wanted) as ReadonlyArray<[ProfileField, string | null]>;
    const held = fields.flatMap(([field]) => {
      const sealed: Sealed | undefined = state[field];
      return sealed === undefined ? [] : [{ field, sealed }];
    });
    const opened = yield* (yield* Sealer).open(
      held.map(({ field, sealed }) => ({ ledger: "identity", field: `user.${field}`, sealed })),
    );
    const now = new Map(held.map(({ field }, at) => [field, opened[at]]));
    return fields.filter(([field, value]) => value === null || now.get(field) !== value);
  });
