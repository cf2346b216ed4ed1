import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { type KeptMail, MailTransport } from "../ports/mail-transport.ts";

/** Mails that a development server shows; older ones are forgotten. */
const KEPT_MAX = 100;

/** Nothing here takes time. */
const CONNECTIONS = 4;

/** Keeps the last mails instead of sending them: for a server without a mail server. */
export const layer: Layer.Layer<MailTransport> = Layer.sync(MailTransport, () => {
  const kept: Array<KeptMail> = [];
  return {
    connections: CONNECTIONS,
    send: (mail) =>
      Effect.map(Clock.currentTimeMillis, (ms) => {
        kept.unshift({ ...mail, at: new Date(ms).toISOString() });
        kept.length = Math.min(kept.length, KEPT_MAX);
      }),
    mailbox: Effect.sync(() => [...kept]),
  };
});
