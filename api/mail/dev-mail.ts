import { createHash } from "node:crypto";
import * as Effect from "effect/Effect";
import { z } from "zod";
import { type KeptMail, MailTransport } from "../../adapters/ports/mail-transport.ts";
import { MAIL_TEMPLATES } from "../../domain/mail/mod.ts";
import { refuse } from "../http/problem.ts";
import { publicRoute } from "../http/route.ts";
import { html, markupOf } from "../pages/html.ts";

const Kept = z.strictObject({
  id: z.uuid(),
  at: z.iso.datetime(),
  template: z.enum(MAIL_TEMPLATES),
  to: z.string(),
  subject: z.string(),
  link: z.string(),
  text: z.string(),
  html: z.string(),
  language: z.string(),
});

/**
 * The mailbox of a server without a mail server. It opens every account, so it is there on
 * localhost alone, and only under a name of this machine: a page whose name was bent to point here
 * is not answered.
 */
export const devMail = publicRoute({
  method: "GET",
  path: "/dev/mail",
  summary: "On localhost without a mail server: the last mails, newest first, as a page or as JSON",
  responses: {
    200: {
      description: "Mails that would have been sent",
      schema: z.strictObject({ items: z.array(Kept) }),
    },
  },
  problems: { 404: ["not_found"] },
  handler: ({ settings, headers }) =>
    Effect.gen(function* () {
      const { mailbox } = yield* MailTransport;
      const open = settings.mail === "mailbox" && !settings.publicMode;
      if (!open || mailbox === undefined || !isLocal(headers.get("host"))) {
        return yield* refuse(404, "not_found");
      }
      const items = yield* mailbox;
      if (!/\btext\/html\b/.test(headers.get("accept") ?? "")) {
        return { status: 200, body: { items: items.map((mail) => ({ ...mail })) } };
      }
      return { status: 200, html: pageOf(items), headers: PAGE_HEADERS };
    }),
});

function isLocal(host: string | null): boolean {
  return host === null || /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(host);
}

const STYLE = `
:root { color-scheme: light dark; }
body { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem;
  font: 16px/1.5 system-ui, sans-serif; }
article { border: 1px solid #8886; border-radius: 10px; padding: 1rem 1.25rem; margin: 1rem 0; }
h2 { font-size: 1.1rem; margin: 0; }
p { margin: .35rem 0; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.5 ui-monospace, monospace; }
.soft { opacity: .75; font-size: .9rem; }
`;

const PAGE_HEADERS = {
  "content-security-policy": [
    "default-src 'none'",
    `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
};

function pageOf(items: ReadonlyArray<KeptMail>): string {
  const page = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mail</title>
`;
  const list = html`</head>
<body>
<h1>Mail</h1>
<p class="soft">This server has no mail server, so mails are shown here, the last 100, until it
stops. Set SMTP_URL and MAIL_FROM to send them.</p>
${items.length === 0 && html`<p>Nothing yet.</p>`}
${items.map(shown)}
</body>
</html>
`;
  // As it is: its hash is in the policy, and nothing of it comes from elsewhere.
  return `<!doctype html>\n${markupOf(page)}<style>${STYLE}</style>\n${markupOf(list)}`;
}

function shown({ subject, to, at, template, language, link, text }: KeptMail) {
  return html`<article>
<h2>${subject}</h2>
<p class="soft">${at} · to ${to} · ${template} · ${language}</p>
<p><a href="${link}">${link}</a></p>
<details><summary>Text</summary><pre>${text}</pre></details>
</article>
`;
}
