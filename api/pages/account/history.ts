import type { EventView } from "../../ledger/event-view.ts";
import { eventInWords } from "../event-words.ts";
import { html } from "../html.ts";
import type { Page } from "../page.ts";
import { moment, type PageOf, pager } from "../pieces.ts";
import { read } from "../visit.ts";

/** Everything that made one who one is, in words. */
export const historyPage: Page = {
  path: "/account/history",
  gate: "session",
  show: async (visit) => {
    const { texts, query } = visit;
    const { account } = texts;
    const { cursor } = query;
    const page = await read<PageOf<EventView>>(visit, "GET /v1/me/history", { query: { cursor } });
    return {
      title: account.history,
      frame: "account",
      parent: { path: "/account", label: account.title },
      body: html`
        <h1>${account.history}</h1>
        <p class="lead">${account.historyText}</p>
        <ol class="rows">${page.items.map(
          (event) => html`<li><div class="what"><strong>${eventInWords(visit, event) ?? event.type}
          </strong>
<p>${moment(visit, event.at)}</p></div><span class="position">#${event.position}</span></li>`,
        )}</ol>
        ${pager(visit, {
          first: cursor === undefined ? undefined : visit.href("/account/history"),
          next: page.nextCursor && visit.href("/account/history", { cursor: page.nextCursor }),
        })}`,
    };
  },
};
