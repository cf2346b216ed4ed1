import type { RequestContext } from "../http/call.ts";
import { isStranger } from "../http/throttle.ts";
import { charge } from "./charge.ts";
import { MAIL_LIMIT } from "./limits.ts";
import { networkOf } from "./network-of.ts";

/**
 * Reserves one mail to a normalised address, whether somebody has it or not: by whom it goes to,
 * and by where strangers and guests ask for it. People with an account send many, to many.
 *
 * Errors: 429 throttled.
 */
export const chargeMail = ({ caller, address }: RequestContext, recipient: string) => {
  const to = { bucket: "mail-to", key: recipient, limit: MAIL_LIMIT };
  const from = { bucket: "mail-from", key: networkOf(address), limit: MAIL_LIMIT };
  return charge(isStranger(caller) ? [to, from] : [to]);
};
