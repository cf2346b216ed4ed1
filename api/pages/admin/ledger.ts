import type { EventView } from "../../ledger/event-view.ts";
import { eventInWords } from "../event-words.ts";
import { type Html, html } from "../html.ts";
import type { Page } from "../page.ts";
import { moment, type PageOf, pager } from "../pieces.ts";
import { read, type Visit } from "../visit.ts";
import { filterOf } from "./users.ts";

/** Events on one page of the timeline. */
const LIMIT = "50";

/** The ledger in order, by type, stream, subject or position. */
export const ledgerPage: Page = {
  path: "/admin/ledger",
  gate: ["auditor", "architect"],
  show: async (visit) => {
    const { texts, query } = visit;
    const { admin, ledger: words } = texts;
    const { ledger, type, stream, subject, from, cursor } = query;
    const filters = { ledger, type, stream, subject, from };
    const page = await read<PageOf<EventView>>(visit, "GET /v1/ledger/events", {
      query: { ...filters, cursor, limit: LIMIT },
    });
    return {
      title: admin.ledger,
      frame: "admin",
      parent: { path: "/admin", label: admin.title },
      body: html`
        <h1>${admin.ledger}</h1>
        <p class="lead">${words.text}</p>
        ${filterOf(visit, {
          path: "/admin/ledger",
          fields: [
            {
              name: "ledger",
              label: words.name,
              value: ledger ?? "identity",
              choices: [
                ["identity", words.identity],
                ["activity", words.activity],
              ],
            },
            { name: "type", label: words.type, value: type },
            { name: "stream", label: words.stream, value: stream },
            { name: "subject", label: words.subject, value: subject },
            { name: "from", label: words.from, value: from },
          ],
        })}
        ${
          page.items.length === 0
            ? html`<p class="empty">${words.none}</p>`
            : html`<ol class="rows">${page.items.map((event) => eventRow(visit, event))}</ol>`
        }
        ${pager(visit, {
          first: cursor === undefined ? undefined : visit.href("/admin/ledger", filters),
          next:
            page.nextCursor && visit.href("/admin/ledger", { ...filters, cursor: page.nextCursor }),
        })}`,
    };
  },
};

function eventRow(visit: Visit, event: EventView): Html {
  const { ledger, position, type, stream, at } = event;
  const path = visit.href(`/admin/ledger/${position}`, ledger === "identity" ? {} : { ledger });
  const words = eventInWords(visit, event);
  return html`<li><span class="position">#${position}</span><div class="what">
  <a class="whole" href="${path}">${type}</a>
<p>${words}${words && " · "}<span class="code">${shortStream(stream)}</span></p></div>
<span class="when">${moment(visit, at, "short")}</span></li>`;
}

/** `user-2f9887ed…`: the id's beginning tells two apart. */
function shortStream(stream: string): string {
  return stream.replace(/([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, "$1…");
}
