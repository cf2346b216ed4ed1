import type { MailTemplate } from "../../../domain/mail/mod.ts";
import { mailIsHere } from "../door/doors.ts";
import { formOf, summaryOf } from "../form-parts.ts";
import { type Hole, html } from "../html.ts";
import type { Page } from "../page.ts";
import { moment, type PageOf, pager, pill } from "../pieces.ts";
import { may, read, type Visit } from "../visit.ts";

/** As `GET /v1/mail` has them. */
type Mail = {
  readonly template: MailTemplate;
  readonly state: "waiting" | "sent" | "failed" | "dropped";
  readonly attempts: number;
  readonly queuedAt: string;
  readonly code?: string;
};

/** What went out and what did not, and a mail to try it with. */
export const mailPage: Page = {
  path: "/admin/mail",
  gate: ["admin", "architect"],
  show: async (visit) => {
    const { admin, mail: words, sent } = visit.texts;
    const { cursor } = visit.query;
    const page = await read<PageOf<Mail>>(visit, "GET /v1/mail", { query: { cursor } });
    const tests = may(visit, "architect");
    return {
      title: admin.mail,
      frame: "admin",
      parent: { path: "/admin", label: admin.title },
      body: html`
        <div class="heading"><h1>${admin.mail}</h1>
        ${tests && formOf(visit, { name: "test", submit: words.test, look: "quiet" })}</div>
        <p class="lead">${words.text}</p>
        ${summaryOf(visit)}
        ${
          mailIsHere(visit) &&
          html`<p class="aside">${sent.dev} <a href="/dev/mail">/dev/mail</a></p>`
        }
        ${
          page.items.length === 0
            ? html`<p class="empty">${words.none}</p>`
            : html`<ul class="rows">${page.items.map((mail) => row(visit, mail))}</ul>`
        }
        ${pager(visit, {
          first: cursor === undefined ? undefined : visit.href("/admin/mail"),
          next: page.nextCursor && visit.href("/admin/mail", { cursor: page.nextCursor }),
        })}`,
    };
  },
  forms: {
    test: {
      route: "POST /v1/mail/test",
      input: () => ({}),
      next: ({ visit, body }) => {
        const { sent } = body as { readonly sent: boolean };
        return visit.href("/admin/mail", { done: sent ? "mailTest" : "mailTestFailed" });
      },
    },
  },
};

function row(visit: Visit, { template, state, attempts, queuedAt, code }: Mail) {
  const { mail: words } = visit.texts;
  const look = state === "sent" ? "good" : state === "failed" ? "bad" : undefined;
  return html`<li><div class="what"><strong>${words.templates[template]}</strong>
<p>${moment(visit, queuedAt)} · ${words.attempts}: ${attempts}${
    code && html` · ${whyOf(visit, code)}`
  }</p></div>
${pill(words.states[state], look)}</li>`;
}

/** What became of it in a sentence; a mail server's own code as it is. */
function whyOf({ texts }: Visit, code: string): Hole {
  const known: Readonly<Record<string, string>> = texts.mail.codes;
  return Object.hasOwn(known, code) ? known[code] : html`<code>${code}</code>`;
}
