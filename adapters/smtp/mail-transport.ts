import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Redacted from "effect/Redacted";
import { MailRefused, MailTransport, type OutgoingMail } from "../ports/mail-transport.ts";
import { refusalOf } from "./refusal.ts";

const SECOND_MS = 1_000;
/** A mail server that answers at all does so within this; greylisting answers, it does not wait. */
const CONNECT_TIMEOUT_MS = 10 * SECOND_MS;
const GREETING_TIMEOUT_MS = 10 * SECOND_MS;
/** Silence on an open connection. */
const SOCKET_TIMEOUT_MS = 30 * SECOND_MS;
/** One mail, whatever happens: less than a claim of the outbox lasts. */
const SEND_TIMEOUT_MS = 90 * SECOND_MS;
/** More at once is what mail servers refuse. */
const CONNECTIONS_MAX = 4;

export type SmtpServer = {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (smtps); otherwise STARTTLS where the server offers it. */
  readonly secure: boolean;
  /** Nothing is sent over a connection that could not be encrypted. */
  readonly requireTls: boolean;
  readonly user?: string;
  readonly password?: Redacted.Redacted<string>;
  /** A certificate authority beside those of the system, PEM. */
  readonly ca?: string;
  /** For tests: shorter than 30 s. */
  readonly timeoutMs?: number;
  /** For tests: shorter than 90 s. */
  readonly sendTimeoutMs?: number;
};

export type Sender = { readonly name: string; readonly address: string };

/**
 * Sends by SMTP over a few connections that are kept. Certificates are checked wherever the
 * connection is encrypted.
 *
 * Errors: MailRefused; a 5xx about the mail or its recipient is permanent, one about signing in or
 * the connection is the operator's to mend and tried again.
 * Source: RFC 5321 (SMTP), RFC 3207 (STARTTLS), RFC 3834 (Auto-Submitted).
 */
export function layer(server: SmtpServer, sender: Sender): Layer.Layer<MailTransport> {
  return Layer.effect(
    MailTransport,
    Effect.gen(function* () {
      // 13 MiB that a server without mail does without.
      const { createTransport } = yield* Effect.promise(() => import("nodemailer"));
      const pool = yield* Effect.acquireRelease(
        Effect.sync(() => createTransport(optionsOf(server))),
        (open) => Effect.sync(() => open.close()),
      );
      const send = (mail: OutgoingMail) =>
        Effect.tryPromise({
          // Aborted when its time is over: it ends the connection that the mail goes over.
          try: (signal) => pool.sendMail({ ...messageOf(mail, sender), signal }),
          catch: refusalOf,
        }).pipe(
          Effect.timeoutOrElse({
            duration: server.sendTimeoutMs ?? SEND_TIMEOUT_MS,
            orElse: () => Effect.fail(new MailRefused({ code: "timeout", permanent: false })),
          }),
          Effect.asVoid,
        );
      return { connections: CONNECTIONS_MAX, send };
    }),
  );
}

function optionsOf({ host, port, secure, requireTls, user, password, ca, timeoutMs }: SmtpServer) {
  const short = timeoutMs ?? SOCKET_TIMEOUT_MS;
  return {
    pool: true as const,
    maxConnections: CONNECTIONS_MAX,
    // A kept connection that the server closed meanwhile; all other trying again is the outbox's.
    maxRequeues: 1,
    host,
    port,
    secure,
    requireTLS: requireTls,
    connectionTimeout: Math.min(CONNECT_TIMEOUT_MS, short),
    greetingTimeout: Math.min(GREETING_TIMEOUT_MS, short),
    socketTimeout: short,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(ca === undefined ? {} : { tls: { ca } }),
    ...(user === undefined || password === undefined
      ? {}
      : { auth: { user, pass: Redacted.value(password) } }),
  };
}

function messageOf({ id, to, subject, text, html, language }: OutgoingMail, sender: Sender) {
  const domain = sender.address.slice(sender.address.lastIndexOf("@") + 1);
  return {
    messageId: `<${id}@${domain}>`,
    from: sender,
    // As an object it is one address, whatever characters are in it.
    to: { name: "", address: to },
    subject,
    text,
    html,
    headers: {
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      "Content-Language": language,
    },
  };
}
