import type { RequestContext } from "../http/call.ts";
import { isStranger } from "../http/throttle.ts";
import { hasAnyRole } from "../session/gate.ts";
import { charge } from "./charge.ts";
import { MAIL_LIMIT, MAIL_TO_LIMIT, MAILBOX_LIMIT } from "./limits.ts";
import { networkOf } from "./network-of.ts";

/**
 * Reserves one request's mails to normalised addresses, whether somebody has them or not: by who
 * asks, once however many they are, by who asks for whom, and by whom they go to. The last allows
 * many, so that one network cannot keep somebody's mails from them. Who administers people sends
 * many, to many.
 *
 * Errors: 429 throttled.
 */
export const chargeMail = (
  { caller, address }: RequestContext,
  ...recipients: ReadonlyArray<string>
) => {
  const network = networkOf(address);
  const to = recipients.flatMap((recipient) => [
    { bucket: "mail-to", key: `${network} ${recipient}`, limit: MAIL_TO_LIMIT },
    { bucket: "mailbox", key: recipient, limit: MAILBOX_LIMIT },
  ]);
  if (caller !== undefined && hasAnyRole(caller, ["admin", "architect"])) return charge(to);
  const asking = caller === undefined || isStranger(caller) ? network : `user:${caller.userId}`;
  return charge([...to, { bucket: "mail-from", key: asking, limit: MAIL_LIMIT }]);
};
