import type { SessionView } from "../../session/session-view.ts";
import { formOf, summaryOf } from "../form-parts.ts";
import { html } from "../html.ts";
import type { Page } from "../page.ts";
import { type PageOf, pager } from "../pieces.ts";
import { sessionRow } from "../session-row.ts";
import { read } from "../visit.ts";

/** Where one is signed in, and a way to end each. */
export const sessionsPage: Page = {
  path: "/account/sessions",
  gate: "session",
  show: async (visit) => {
    const { texts, query } = visit;
    const { account, sessions } = texts;
    const { cursor } = query;
    const page = await read<PageOf<SessionView>>(visit, "GET /v1/me/sessions", {
      query: { cursor },
    });
    const end = (session: SessionView) =>
      session.current
        ? html`<a class="button quiet" href="${visit.href("/sign-out")}">${texts.signOut.action}
        </a>`
        : formOf(visit, {
            name: "end",
            hidden: { id: session.id },
            submit: sessions.end,
            look: "quiet",
          });
    const others = page.items.some(({ current }) => !current);
    return {
      title: account.sessions,
      frame: "account",
      parent: { path: "/account", label: account.title },
      body: html`
        <h1>${account.sessions}</h1>
        ${summaryOf(visit)}
        <p class="lead">${sessions.text}</p>
        <ul class="rows">${page.items.map((session) => sessionRow(visit, session, end(session)))}
        </ul>
        ${pager(visit, {
          first: cursor === undefined ? undefined : visit.href("/account/sessions"),
          next: page.nextCursor && visit.href("/account/sessions", { cursor: page.nextCursor }),
        })}
        ${others && formOf(visit, { name: "others", submit: sessions.endOthers, look: "danger" })}`,
    };
  },
  forms: {
    end: {
      route: "DELETE /v1/me/sessions/:id",
      input: ({ id = "" }) => ({ params: { id } }),
      next: ({ visit }) => visit.href("/account/sessions", { done: "sessionEnded" }),
    },
    others: {
      route: "DELETE /v1/me/sessions",
      input: () => ({}),
      next: ({ visit }) => visit.href("/account/sessions", { done: "sessionsEnded" }),
    },
  },
};
