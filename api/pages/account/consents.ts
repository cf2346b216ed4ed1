import type { ConsentView } from "../../consents/my-consents.ts";
import { formOf, summaryOf } from "../form-parts.ts";
import { foreign, html } from "../html.ts";
import type { Page } from "../page.ts";
import { moment, type PageOf, pager } from "../pieces.ts";
import { read, type Visit } from "../visit.ts";
import { withoutScheme } from "../without-scheme.ts";

const PATH = "/account/consents";

/** Which applications one lets in, and a way to let each in no more. */
export const consentsPage: Page = {
  path: PATH,
  gate: "session",
  show: async (visit) => {
    const { texts, query } = visit;
    const { account, consents } = texts;
    const { cursor } = query;
    const page = await read<PageOf<ConsentView>>(visit, "GET /v1/me/consents", {
      query: { cursor },
    });
    return {
      title: consents.title,
      frame: "account",
      parent: { path: "/account", label: account.title },
      body: html`
        <h1>${consents.title}</h1>
        ${summaryOf(visit)}
        <p class="lead">${consents.text}</p>
        ${
          page.items.length === 0
            ? html`<p class="empty">${consents.none}</p>`
            : html`<ul class="rows">${page.items.map((consent) => row(visit, consent))}</ul>`
        }
        ${pager(visit, {
          first: cursor === undefined ? undefined : visit.href(PATH),
          next: page.nextCursor && visit.href(PATH, { cursor: page.nextCursor }),
        })}`,
    };
  },
  forms: {
    withdraw: {
      route: "DELETE /v1/me/consents/:id",
      input: ({ id = "" }) => ({ params: { id } }),
      next: ({ visit }) => visit.href(PATH, { done: "consentWithdrawn" }),
    },
  },
};

function row(visit: Visit, { id, client, terms, scopes, resources, grantedAt }: ConsentView) {
  const { consent, consents } = visit.texts;
  const acted = visit.person?.session.impersonator !== undefined;
  return html`<li class="topped"><div class="what"><h2>${
    client.name === undefined ? consents.gone : foreign(client.name)
  }</h2><p>${consents.since} ${moment(visit, grantedAt)}</p>${agreedOf(visit, {
    scopes,
    resources,
  })}${
    terms !== undefined &&
    html`<p>${consent.tos}: <a href="${terms}" rel="noreferrer">${foreign(withoutScheme(terms))}</a>
</p>`
  }</div>
${
  !acted &&
  formOf(visit, { name: "withdraw", hidden: { id }, submit: consents.withdraw, look: "quiet" })
}</li>`;
}

/** What an application was let in to, as it was asked for. */
function agreedOf(visit: Visit, { scopes, resources }: Pick<ConsentView, "scopes" | "resources">) {
  const { consent } = visit.texts;
  const words: Readonly<Record<string, string>> = consent.scopes;
  const known = scopes.filter((scope) => scope !== "openid" || scopes.length === 1);
  const used = resources.filter((resource) => resource.scopes.length > 0);
  return html`${
    known.length > 0 &&
    html`<ul class="marked">${known.map((scope) => html`<li>${words[scope] ?? scope}</li>`)}</ul>`
  }${used.map(
    ({ audience, name, scopes: agreed }) => html`<p>${foreign(name ?? audience)}</p>
<ul class="marked">${agreed.map(({ name: scope, description }) =>
      description === undefined
        ? html`<li><code>${scope}</code></li>`
        : html`<li>${foreign(description)}</li>`,
    )}</ul>`,
  )}`;
}
