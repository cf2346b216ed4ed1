import * as Effect from "effect/Effect";
import { mailCodec } from "../../adapters/codec/mail.ts";
import { transact } from "../../adapters/transact.ts";
import { type MailPurpose, mail } from "../../domain/mail/mod.ts";
import type { RequestContext } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import { refuse } from "../http/problem.ts";
import { dataKeyOf } from "../users/data-key.ts";
import { mailIsOpen } from "./mail-is-open.ts";

export type MailRequest = {
  readonly purpose: MailPurpose;
  readonly userId: string;
  /** Where to, normalised; the person's own address when the mail is sent, unless it is said. */
  readonly email?: string;
  /** Where the page leads on to once the link is redeemed; checked by who asks. */
  readonly redirectTo?: string;
  /** The id is nobody's yet: whoever redeems the link becomes it. */
  readonly newcomer?: true;
  /** Nobody is to be written to: it takes the time of a mail, and keeps nothing of the address. */
  readonly unsent?: true;
  /** In which session it was asked for, and in which era of the person. */
  readonly asked?: { readonly session: string; readonly era: number };
};

/**
 * Records that a mail is wanted and answers at once; it goes out behind the answer. What is
 * personal is sealed for the user; for an erased one nothing is recorded.
 *
 * Shape: the id of the mail's stream, `mail-<id>`.
 * Errors: 409 mail_closed.
 */
export const requestMail = (context: RequestContext, wanted: MailRequest) =>
  Effect.gen(function* () {
    if (!mailIsOpen(context.settings)) return yield* refuse(409, "mail_closed");
    const { purpose, userId, email, redirectTo, newcomer, unsent, asked } = wanted;
    const id = crypto.randomUUID();
    const personal = email !== undefined || redirectTo !== undefined;
    const sealing = personal ? yield* dataKeyOf(userId) : undefined;
    const seal = (field: string, value: string | undefined) =>
      value === undefined ? undefined : sealing?.key.seal("activity", field, value);
    const sealed = { email: seal("mail.email", email), to: seal("mail.redirectTo", redirectTo) };
    const actor = context.caller === undefined ? "process:mail" : `user:${context.caller.userId}`;
    yield* transact({
      decider: mail,
      codec: mailCodec,
      id,
      requestId: `${context.commandId}/mail/${purpose}/${userId}`,
      command: {
        type: "RequestMail",
        purpose,
        userId,
        ...(sealed.email === undefined || unsent ? {} : { email: sealed.email }),
        ...(sealed.to === undefined || unsent ? {} : { redirectTo: sealed.to }),
        ...(newcomer === undefined ? {} : { newcomer }),
        ...asked,
      },
      meta: yield* metaOf(context, actor as `user:${string}`, "activity"),
      along: () => (unsent ? {} : { dataKeys: { create: sealing?.create ?? [] } }),
    }).pipe(Effect.catchTag("OwnerDestroyed", () => Effect.void));
    return id;
  });
