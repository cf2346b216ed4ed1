import type { EventView } from "../../ledger/event-view.ts";
import type { SessionView } from "../../session/session-view.ts";
import type { Personal, UserView } from "../../users/user-view.ts";
import { calledOf } from "../called.ts";
import { eventInWords } from "../event-words.ts";
import { formOf, summaryOf } from "../form-parts.ts";
import { type Html, html } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, moment, type PageOf, pill } from "../pieces.ts";
import { sessionRow } from "../session-row.ts";
import { may, read, type Visit } from "../visit.ts";
import { roleSection, standingSections, userForms } from "./user-forms.ts";
import { personal } from "./users.ts";

/** Events shown of a history; the ledger has all of them. */
const EVENTS = "10";

/** One person: what is known, what they may, where they are signed in, what happened. */
export const userPage: Page = {
  path: "/admin/users/:id",
  gate: ["admin", "architect", "auditor"],
  show: async (visit) => {
    const { admin } = visit.texts;
    const { user } = await read<{ readonly user: UserView }>(visit, "GET /v1/users/:id", {
      params: { id: visit.params["id"] ?? "" },
    });
    const administers = may(visit, "admin", "architect") && user.status !== "erased";
    const title = user.guest ? visit.texts.users.guest : calledOf(user);
    return {
      title,
      frame: "admin",
      parent: { path: "/admin/users", label: admin.users },
      body: html`
        <h1><bdi>${title}</bdi></h1>
        ${summaryOf(visit)}
        <section>${known(visit, user)}${exportLink(visit, user)}</section>
        ${administers && (await roleSection(visit, user))}
        ${await sessions(visit, user)}
        ${await history(visit, user)}
        ${administers && standingSections(visit, user)}`,
    };
  },
  forms: userForms,
};

/** Newer servers tell more of a person. */
type More = { readonly username?: Personal; readonly lastSignInAt?: string };

function known(visit: Visit, user: UserView): Html {
  const { texts } = visit;
  const { account, users, user: words, signUp } = texts;
  const { username, lastSignInAt } = user as More;
  const methods: Readonly<Record<string, string>> = texts.sessions.methods;
  const mail = personal(visit, user.email);
  return facts([
    [users.status, pill(users.statuses[user.status], user.status === "active" ? "good" : "bad")],
    [signUp.name, personal(visit, user.name)],
    [
      account.email,
      mail &&
        html`${mail}
        ${user.emailVerified ? pill(account.verified, "good") : pill(account.unverified)}`,
    ],
    [account.username, personal(visit, username)],
    [
      words.methods,
      user.methods.length === 0
        ? words.noMethods
        : user.methods.map((method) => methods[method] ?? method).join(", "),
    ],
    [words.seen, lastSignInAt && moment(visit, lastSignInAt)],
    [words.created, moment(visit, user.createdAt)],
    [words.changed, moment(visit, user.updatedAt)],
    [words.id, html`<code>${user.id}</code>`],
  ]);
}

/** The file is the API's own answer; that it was opened is on record. */
function exportLink(visit: Visit, { id, status }: UserView): Html | undefined {
  if (status === "erased") return undefined;
  if (!may(visit, "auditor", "architect")) return undefined;
  return html`<p class="actions"><a class="button quiet" href="/v1/users/${id}/export"
  download="authledger-export.json">${visit.texts.user.export}</a></p>`;
}

async function sessions(visit: Visit, { id }: UserView): Promise<Html | undefined> {
  if (!may(visit, "admin", "architect")) return undefined;
  const { sessions: words, user } = visit.texts;
  const told = await visit.ask<PageOf<SessionView>>("GET /v1/users/:id/sessions", {
    params: { id },
  });
  if (!told.ok) return undefined;
  const { items } = told.body;
  const end = (session: SessionView) =>
    formOf(visit, {
      name: "end-session",
      hidden: { sessionId: session.id },
      submit: words.end,
      look: "quiet",
    });
  const all =
    items.length > 1 && formOf(visit, { name: "end-sessions", submit: user.endAll, look: "quiet" });
  return html`<section><div class="heading"><h2>${user.sessions}</h2>${all}</div>
${
  items.length === 0
    ? html`<p class="quiet">${user.noSessions}</p>`
    : html`<ul class="rows">${items.map((session) => sessionRow(visit, session, end(session)))}
    </ul>`
}</section>`;
}

async function history(visit: Visit, { id }: UserView): Promise<Html | undefined> {
  const told = await visit.ask<PageOf<EventView>>("GET /v1/users/:id/history", {
    params: { id },
    query: { limit: EVENTS },
  });
  if (!told.ok) return undefined;
  const { account, user } = visit.texts;
  const auditor = may(visit, "auditor", "architect");
  const row = (event: EventView) => {
    const words = eventInWords(visit, event) ?? event.type;
    const path = visit.href(`/admin/ledger/${event.position}`);
    return html`<li><div class="what">${
      auditor
        ? html`<a class="whole"
    href="${path}">${words}</a>`
        : html`<strong>${words}</strong>`
    }
<p>${moment(visit, event.at)}</p></div><span class="position">#${event.position}</span></li>`;
  };
  return html`<section><div class="heading"><h2>${account.history}</h2>
${auditor && html`<a href="${visit.href("/admin/ledger", { subject: id })}">${user.allEvents}</a>`}
</div>
<ol class="rows">${told.body.items.map(row)}</ol></section>`;
}
