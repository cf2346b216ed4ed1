import type { ResourceServerView } from "../../resource-servers/resource-server-view.ts";
import { formOf, summaryOf } from "../form-parts.ts";
import { foreign, html } from "../html.ts";
import type { Page } from "../page.ts";
import { type PageOf, pager } from "../pieces.ts";
import { may, read, type Visit } from "../visit.ts";
import { scopesField, scopesOf } from "./resource-server-scopes.ts";

const PATH = "/admin/resource-servers";

/** The APIs that access tokens are issued for; an architect registers more. */
export const resourceServersPage: Page = {
  path: PATH,
  gate: ["admin", "architect"],
  show: async (visit) => {
    const { admin, apis: words } = visit.texts;
    const { cursor } = visit.query;
    const page = await read<PageOf<ResourceServerView>>(visit, "GET /v1/resource-servers", {
      query: { cursor },
    });
    return {
      title: admin.apis,
      frame: "admin",
      parent: { path: "/admin", label: admin.title },
      body: html`
        <h1>${admin.apis}</h1>
        <p class="lead">${words.text}</p>
        ${summaryOf(visit)}
        ${
          page.items.length === 0
            ? html`<p class="empty">${words.none}</p>`
            : html`<ul class="rows">${page.items.map((server) => row(visit, server))}</ul>`
        }
        ${pager(visit, {
          first: cursor === undefined ? undefined : visit.href(PATH),
          next: page.nextCursor && visit.href(PATH, { cursor: page.nextCursor }),
        })}
        ${may(visit, "architect") && registerSection(visit)}`,
    };
  },
  forms: {
    register: {
      route: "POST /v1/resource-servers",
      beside: { audience_taken: "audience" },
      input: ({ audience, name, scopes }) => ({
        body: { audience, name, scopes: scopesOf(scopes) },
      }),
      next: ({ visit, body }) => {
        const { resourceServer } = body as { readonly resourceServer: ResourceServerView };
        return visit.href(`${PATH}/${resourceServer.id}`, { done: "apiRegistered" });
      },
    },
  },
};

function row(visit: Visit, { id, name, audience }: ResourceServerView) {
  return html`<li><div class="what">
  <a class="whole" href="${visit.href(`${PATH}/${id}`)}">${foreign(name)}</a>
<p><code>${audience}</code></p></div></li>`;
}

function registerSection(visit: Visit) {
  const { apis: words } = visit.texts;
  return html`<section><h2>${words.register}</h2>${formOf(visit, {
    name: "register",
    once: true,
    fields: [
      { name: "name", label: words.name, hint: words.nameHint, autocomplete: "off" },
      {
        name: "audience",
        label: words.audience,
        hint: words.audienceHint,
        autocomplete: "off",
        code: true,
      },
      scopesField(visit, []),
    ],
    submit: words.submit,
  })}</section>`;
}
