const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What somebody may ask a mail for. */
export const MAIL_PURPOSES = [
  "verification",
  "reset",
  "magic-link",
  "email-change",
  "email-change-asked",
  "set-password",
  "account-exists",
] as const;
export type MailPurpose = (typeof MAIL_PURPOSES)[number];

/** What facts alone cause, and the mail by which an architect tries the server. */
export const NOTICES = [
  "invitation",
  "email-replaced",
  "password-replaced",
  "password-removed",
  "new-device",
  "architect-appointed",
  "test",
] as const;

/** Every kind of mail; each has a text in each language. */
export const MAIL_TEMPLATES = [...MAIL_PURPOSES, ...NOTICES] as const;
export type MailTemplate = (typeof MAIL_TEMPLATES)[number];

/** A notice older than this tells nobody anything; it is also how long sending is tried. */
const NOTICE_MS = DAY_MS;

/**
 * How long after its cause a mail may still be sent, and its link redeemed: short where a link
 * opens an account, long where a person was not waiting for it. An invitation says its own end.
 */
export const MAIL_LIFETIME_MS: { readonly [template in MailTemplate]: number } = {
  verification: HOUR_MS,
  reset: HOUR_MS,
  "magic-link": DAY_MS,
  "email-change": HOUR_MS,
  "email-change-asked": NOTICE_MS,
  "set-password": 7 * DAY_MS,
  "account-exists": HOUR_MS,
  invitation: 7 * DAY_MS,
  "email-replaced": NOTICE_MS,
  "password-replaced": NOTICE_MS,
  "password-removed": NOTICE_MS,
  "new-device": NOTICE_MS,
  "architect-appointed": NOTICE_MS,
  test: NOTICE_MS,
};
