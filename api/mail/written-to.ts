import * as Effect from "effect/Effect";
import { sealedIn } from "../../adapters/codec/catalogue.ts";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import type { Issued } from "../../adapters/ports/one-time-tokens.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { mailsOf } from "../../adapters/reactions/queue-mail.ts";
import type { LedgerRecord } from "../../domain/ledger/entry.ts";
import type { Sealed } from "../../domain/sealed.ts";
import type { User } from "../../domain/user/mod.ts";

/** What a link was about: where it was sent to, and where whoever redeems it wants to go on to. */
export type Written = {
  /** The event that asked for the mail, or caused it. */
  readonly cause: LedgerRecord;
  /** Undefined when the mail went to the address that the person had then. */
  readonly email?: string;
  readonly redirectTo?: string;
};

/**
 * Opens what the event says that a token came from; undefined when it is not that event, when the
 * event asks for no such mail to the token's subject, or when what it held is gone.
 */
export const writtenTo = ({ ledger, position, eventId, ...issued }: Issued) =>
  Effect.gen(function* () {
    const [record] = yield* (yield* Ledgers)[ledger].at([position]);
    if (record?.id !== eventId) return undefined;
    const { subject, purpose, expiresAt } = issued;
    const meant = (yield* mailsOf(record)).some(
      (mail) =>
        mail.recipient === subject && mail.template === purpose && mail.expiresAt === expiresAt,
    );
    if (!meant) return undefined;
    const personal = sealedIn(record);
    const opened = yield* (yield* Sealer).open(
      personal.map(({ field, sealed }) => ({ ledger, field, sealed })),
    );
    const values = new Map(personal.map(({ path }, at) => [path.join("."), opened[at]]));
    if ([...values.values()].some((value) => value === undefined)) return undefined;
    const email = values.get("email");
    const redirectTo = values.get("redirectTo");
    return {
      cause: record,
      ...(email === undefined ? {} : { email }),
      ...(redirectTo === undefined ? {} : { redirectTo }),
    } satisfies Written;
  });

/** The person's address at the head of their stream, opened; undefined without one. */
export const addressOf = ({ email: sealed }: Pick<User, "email">) =>
  Effect.gen(function* () {
    if (sealed === undefined) return undefined;
    const value = { ledger: "identity", field: "user.email", sealed } as const;
    const [address] = yield* (yield* Sealer).open([value]);
    return address;
  });

/** The person's address, when it is still the one that was written to. */
export const stillTheirs = ({ email }: Pick<Written, "email">, present: Sealed | undefined) =>
  Effect.gen(function* () {
    const address = present && (yield* addressOf({ email: present }));
    if (address === undefined) return undefined;
    return email === undefined || email === address ? present : undefined;
  });
