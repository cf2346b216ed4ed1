import { EVENT_TYPES } from "../../../adapters/codec/catalogue.ts";
import type { EventView } from "../../ledger/event-view.ts";
import { eventInWords } from "../event-words.ts";
import { type Field, summaryOf } from "../form-parts.ts";
import { type Html, html } from "../html.ts";
import type { Page } from "../page.ts";
import { moment, pager } from "../pieces.ts";
import type { Visit } from "../visit.ts";
import { filterOf, readFiltered } from "./filter.ts";

/** Events on one page of the timeline. */
const LIMIT = "50";

/** The ledger, newest first unless it is asked otherwise, by type, stream, subject or position. */
export const ledgerPage: Page = {
  path: "/admin/ledger",
  gate: ["auditor", "architect"],
  show: async (visit) => {
    const { admin, ledger: words } = visit.texts;
    const { ledger, type, stream, subject, from, order = "newest", cursor } = visit.query;
    const filters = { ledger, type, stream, subject, from, order };
    const { page, seen, refused } = await readFiltered<EventView>(visit, "GET /v1/ledger/events", {
      filters,
      paging: { cursor, limit: LIMIT },
    });
    const rows = page.items.map((event) => eventRow(visit, event));
    const more = { ...filters, cursor: page.nextCursor };
    return {
      title: admin.ledger,
      frame: "admin",
      parent: { path: "/admin", label: admin.title },
      ...refused,
      body: html`
        <h1>${admin.ledger}</h1>
        <p class="lead">${words.text}</p>
        ${summaryOf(seen)}
        ${filterOf(seen, { path: "/admin/ledger", fields: fieldsOf(visit) })}
        ${rows.length > 0 && html`<ol class="rows">${rows}</ol>`}
        ${rows.length === 0 && seen === visit && html`<p class="empty">${words.none}</p>`}
        ${pager(visit, {
          first: cursor === undefined ? undefined : visit.href("/admin/ledger", filters),
          next: page.nextCursor && visit.href("/admin/ledger", more),
        })}`,
    };
  },
};

function fieldsOf({ texts, query }: Visit): ReadonlyArray<Field> {
  const { ledger: words } = texts;
  return [
    {
      name: "ledger",
      label: words.name,
      value: query["ledger"] ?? "identity",
      choices: [
        ["identity", words.identity],
        ["activity", words.activity],
      ],
    },
    {
      name: "order",
      label: words.order,
      value: query["order"] ?? "newest",
      choices: [
        ["newest", words.newest],
        ["oldest", words.oldest],
      ],
    },
    { name: "type", label: words.type, value: query["type"], suggestions: EVENT_TYPES, code: true },
    { name: "stream", label: words.stream, value: query["stream"], code: true },
    { name: "subject", label: words.subject, value: query["subject"], code: true },
    { name: "from", label: words.from, value: query["from"], inputmode: "numeric" },
  ];
}

function eventRow(visit: Visit, event: EventView): Html {
  const { ledger, position, type, stream, at } = event;
  const path = visit.href(`/admin/ledger/${position}`, ledger === "identity" ? {} : { ledger });
  const words = eventInWords(visit, event);
  return html`<li><span class="position">#${position}</span><div class="what">
  <a class="whole" href="${path}">${type}</a>
<p>${words}${words && " · "}<span class="code">${shortStream(stream)}</span></p></div>
<span class="when">${moment(visit, at)}</span></li>`;
}

/** `user-2f9887ed…`: the id's beginning tells two apart. */
function shortStream(stream: string): string {
  return stream.replace(/([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, "$1…");
}
