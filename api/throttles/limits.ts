import type { ThrottleLimit } from "../../adapters/ports/throttles.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Tries of one account from one network: three for somebody who mistypes. From then on a machine
 * gets about a hundred a day, and the fourth try of a person a delay of seconds.
 */
export const SIGN_IN_LIMIT: ThrottleLimit = {
  max: 3,
  windowMs: 10 * SECOND_MS,
  delayMaxMs: 15 * MINUTE_MS,
};

/** Mails that one network, or one person, asks for: enough to ask again twice. */
export const MAIL_LIMIT: ThrottleLimit = { max: 3, windowMs: MINUTE_MS };

/** Mails to one address that one network asks for: who goes on asking is made to wait. */
export const MAIL_TO_LIMIT: ThrottleLimit = { ...MAIL_LIMIT, delayMaxMs: 15 * MINUTE_MS };

/** Mails to one address, whoever asks: more than anybody needs, few enough to leave them read. */
export const MAILBOX_LIMIT: ThrottleLimit = { max: 20, windowMs: HOUR_MS };

/** POSTs of one network that come without a session: many people may share one address. */
export const REQUEST_LIMIT: ThrottleLimit = { max: 100, windowMs: 10 * SECOND_MS };

/** Guests that one network makes: each is an identity for ever. */
export const GUEST_LIMIT: ThrottleLimit = { max: 5, windowMs: HOUR_MS };
