import type { ClientView } from "../../clients/client-view.ts";
import { summaryOf } from "../form-parts.ts";
import { foreign, type Html, html } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, moment, pill } from "../pieces.ts";
import { may, read, type Visit } from "../visit.ts";
import { clientForms } from "./client-forms.ts";
import { accessSection, addressSection, looksSection, tokenSection } from "./client-parts.ts";
import { previewSection } from "./client-previews.ts";
import { secretsSection } from "./client-secrets.ts";
import { removeSection, switchSection } from "./client-standing.ts";

/** One application: what it is registered as, and what may be done about it. */
export const clientPage: Page = {
  path: "/admin/clients/:id",
  gate: ["admin", "architect"],
  show: async (visit) => {
    const { admin, clients: words } = visit.texts;
    const { client } = await read<{ readonly client: ClientView }>(visit, "GET /v1/clients/:id", {
      params: { id: visit.params["id"] ?? "" },
    });
    const isTrusted = client.skipConsent || client.scopes.length > 0;
    const isOwn = !isTrusted || may(visit, "architect");
    return {
      title: client.name,
      frame: "admin",
      parent: { path: "/admin/clients", label: admin.clients },
      body: html`
        <h1>${foreign(client.name)}</h1>
        ${summaryOf(visit)}
        <section>${known(visit, client, isOwn)}</section>
        ${!isOwn && html`<p class="aside">${words.trusted}</p>`}
        ${looksSection(visit, client)}
        ${isOwn && addressSection(visit, client)}
        ${isOwn && previewSection(visit, client)}
        ${isOwn && tokenSection(visit, client)}
        ${isOwn && accessSection(visit, client)}
        ${keepsSecret(client) && secretsSection(visit, client, isOwn)}
        ${(isOwn || client.status === "enabled") && switchSection(visit, client)}
        ${removeSection(visit, client)}`,
    };
  },
  forms: clientForms,
};

function keepsSecret({ tokenEndpointAuthMethod: method }: ClientView): boolean {
  return method === "client_secret_basic" || method === "client_secret_post";
}

/** What no form below shows. */
function known(visit: Visit, client: ClientView, isOwn: boolean): Html {
  const { clients: words, user, users } = visit.texts;
  const { clientId, type, status, registeredAt, revisedAt, redirectUris, scopes } = client;
  return facts([
    [users.status, pill(words.statuses[status], status === "enabled" ? "good" : "bad")],
    [words.type, words.types[type]],
    [words.id, html`<code>${clientId}</code>`],
    [words.redirectUris, !isOwn && redirectUris.length > 0 && listed(redirectUris)],
    [words.scopes, !isOwn && scopes.length > 0 && listed(scopes)],
    [user.created, moment(visit, registeredAt)],
    [user.changed, moment(visit, revisedAt)],
  ]);
}

function listed(values: ReadonlyArray<string>): Html {
  return html`<ul>${values.map((value) => html`<li><code>${value}</code></li>`)}</ul>`;
}
