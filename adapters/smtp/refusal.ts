import { MailRefused } from "../ports/mail-transport.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** A server may ask for patience, not for days. */
const HINT_MS_MAX = 60 * MINUTE_MS;

/** "try again in 300 seconds", "greylisted for 5 minutes": what servers that defer mail say. */
const HINT = /\b(?:in|for|after|within)\s+(\d{1,5})\s*(s|sec|seconds?|m|min|minutes?)\b/i;

/** Commands that are about this mail; a refusal of any other is about us. */
const ABOUT_THE_MAIL = /^(?:MAIL FROM|RCPT TO|DATA)/;

/** What nodemailer calls it, as we say it. */
const CODES: Readonly<Record<string, string>> = {
  ETIMEDOUT: "timeout",
  EDNS: "unknown_host",
  ETLS: "tls",
  EAUTH: "authentication",
  ENOAUTH: "authentication",
  EPROTOCOL: "protocol",
  EENVELOPE: "envelope",
  EMESSAGE: "message",
};

const REFUSED_CONNECTION = /ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|EPIPE/;
const CERTIFICATE = /certificate|CERT_|self.signed|altname/i;

/** Whatever sending failed with, without the server's words: they may quote the address. */
export function refusalOf(thrown: unknown): MailRefused {
  const { responseCode, command = "", code = "", response = "", message = "" } = partsOf(thrown);
  if (responseCode !== undefined) {
    const permanent = responseCode >= 500 && ABOUT_THE_MAIL.test(command);
    const patience = responseCode < 500 ? hintOf(response) : undefined;
    return new MailRefused({
      code: `smtp_${responseCode}`,
      permanent,
      ...(patience === undefined ? {} : { retryAfterMs: patience }),
    });
  }
  // An address that cannot be written in an envelope will not become one.
  if (code === "EENVELOPE") return new MailRefused({ code: "envelope", permanent: true });
  if (CERTIFICATE.test(message)) return new MailRefused({ code: "certificate", permanent: false });
  if (REFUSED_CONNECTION.test(`${code} ${message}`)) {
    return new MailRefused({ code: "connection_refused", permanent: false });
  }
  return new MailRefused({ code: CODES[code] ?? "connection", permanent: false });
}

type Parts = {
  readonly responseCode?: number;
  readonly command?: string;
  readonly code?: string;
  readonly response?: string;
  readonly message?: string;
};

function partsOf(thrown: unknown): Parts {
  return typeof thrown === "object" && thrown !== null ? (thrown as Parts) : {};
}

function hintOf(response: string): number | undefined {
  const [, amount, unit = ""] = HINT.exec(response) ?? [];
  if (amount === undefined) return undefined;
  const each = unit.toLowerCase().startsWith("m") ? MINUTE_MS : SECOND_MS;
  return Math.min(Number(amount) * each, HINT_MS_MAX);
}
