import type { ResourceServerView } from "../../resource-servers/resource-server-view.ts";
import { formOf, summaryOf } from "../form-parts.ts";
import { foreign, type Html, html } from "../html.ts";
import { fill, isolated } from "../message.ts";
import type { Page } from "../page.ts";
import { facts, moment } from "../pieces.ts";
import { may, read, type Visit } from "../visit.ts";
import { scopesField, scopesOf } from "./resource-server-scopes.ts";

const PATH = "/admin/resource-servers";

const ofServer = (visit: Visit) => ({ params: { id: visit.params["id"] ?? "" } });

/** One API: how it is named, and what may be done there. */
export const resourceServerPage: Page = {
  path: `${PATH}/:id`,
  gate: ["admin", "architect"],
  show: async (visit) => {
    const { admin } = visit.texts;
    const { resourceServer } = await read<{ readonly resourceServer: ResourceServerView }>(
      visit,
      "GET /v1/resource-servers/:id",
      ofServer(visit),
    );
    return {
      title: resourceServer.name,
      frame: "admin",
      parent: { path: PATH, label: admin.apis },
      body: html`
        <h1>${foreign(resourceServer.name)}</h1>
        ${summaryOf(visit)}
        <section>${known(visit, resourceServer)}</section>
        ${may(visit, "architect") && changing(visit, resourceServer)}`,
    };
  },
  forms: {
    revise: {
      route: "PATCH /v1/resource-servers/:id",
      input: ({ name, scopes }, visit) => ({
        ...ofServer(visit),
        body: { name, scopes: scopesOf(scopes) },
      }),
      next: ({ visit }) => visit.href(visit.path, { done: "apiSaved" }),
    },
    remove: {
      route: "DELETE /v1/resource-servers/:id",
      refuse: ({ confirm, expected }) =>
        confirm?.trim() === expected?.trim()
          ? undefined
          : { status: 400, code: "confirm_mismatch", field: "confirm" },
      input: (_fields, visit) => ofServer(visit),
      next: ({ visit }) => visit.href(PATH, { done: "apiRemoved" }),
    },
  },
};

function known(visit: Visit, server: ResourceServerView): Html {
  const { apis: words, user } = visit.texts;
  const { audience, scopes, registeredAt, revisedAt } = server;
  const list = html`<ul>${scopes.map(
    ({ name, description }) => html`<li><code>${name}</code> ${foreign(description)}</li>`,
  )}</ul>`;
  return facts([
    [words.audience, html`<code>${audience}</code>`],
    [words.scopes, scopes.length === 0 ? words.noScopes : list],
    [user.created, moment(visit, registeredAt)],
    [user.changed, moment(visit, revisedAt)],
  ]);
}

function changing(visit: Visit, { name, scopes }: ResourceServerView): Html {
  const { apis: words, clients, frame, user } = visit.texts;
  return html`<section><h2>${words.revise}</h2>${formOf(visit, {
    name: "revise",
    fields: [
      { name: "name", label: words.name, hint: words.nameHint, value: name, autocomplete: "off" },
      scopesField(visit, scopes),
    ],
    submit: frame.save,
  })}</section>
<section><h2>${words.remove}</h2><p class="hint">${words.removeText}</p>${formOf(visit, {
    name: "remove",
    hidden: { expected: name },
    fields: [
      {
        name: "confirm",
        label: fill(user.eraseConfirm, { word: isolated(name) }),
        autocomplete: "off",
        code: true,
      },
    ],
    submit: clients.removeSubmit,
    look: "danger",
  })}</section>`;
}
