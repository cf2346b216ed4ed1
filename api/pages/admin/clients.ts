import type { ClientView } from "../../clients/client-view.ts";
import { summaryOf } from "../form-parts.ts";
import { foreign, html } from "../html.ts";
import type { Page } from "../page.ts";
import { type PageOf, pager, pill } from "../pieces.ts";
import { read, type Visit } from "../visit.ts";

const PATH = "/admin/clients";

/** Every application that is registered. */
export const clientsPage: Page = {
  path: PATH,
  gate: ["admin", "architect"],
  show: async (visit) => {
    const { admin, clients: words } = visit.texts;
    const { cursor } = visit.query;
    const page = await read<PageOf<ClientView>>(visit, "GET /v1/clients", { query: { cursor } });
    return {
      title: admin.clients,
      frame: "admin",
      parent: { path: "/admin", label: admin.title },
      body: html`
        <div class="heading"><h1>${admin.clients}</h1>
        <a class="button" href="${visit.href(`${PATH}/new`)}">${words.register}</a></div>
        <p class="lead">${words.text}</p>
        ${summaryOf(visit)}
        ${
          page.items.length === 0
            ? html`<p class="empty">${words.none}</p>`
            : html`<ul class="rows">${page.items.map((client) => row(visit, client))}</ul>`
        }
        ${pager(visit, {
          first: cursor === undefined ? undefined : visit.href(PATH),
          next: page.nextCursor && visit.href(PATH, { cursor: page.nextCursor }),
        })}`,
    };
  },
};

function row(visit: Visit, { clientId, name, type, status }: ClientView) {
  const { clients: words } = visit.texts;
  return html`<li><div class="what">
  <a class="whole" href="${visit.href(`${PATH}/${clientId}`)}">${foreign(name)}</a>
<p>${words.types[type]}</p></div>
<p class="pills">${status === "disabled" && pill(words.statuses.disabled, "bad")}</p></li>`;
}
