import type { ConfiguredProvider } from "../../providers/provider-view.ts";
import { type Field, formOf, summaryOf } from "../form-parts.ts";
import { foreign, html } from "../html.ts";
import { onlyHere } from "../only-here.ts";
import type { Page } from "../page.ts";
import { type PageOf, pager, pill } from "../pieces.ts";
import { read, type Visit } from "../visit.ts";

const PATH = "/admin/providers";

/** With whom people may sign in; an architect opens, revises and closes. */
export const providersPage: Page = {
  path: PATH,
  gate: ["architect"],
  show: async (visit) => {
    const { admin, provider: words } = visit.texts;
    const { cursor } = visit.query;
    const page = await read<PageOf<ConfiguredProvider>>(visit, "GET /v1/providers/configured", {
      query: { cursor },
    });
    return {
      title: admin.providers,
      frame: "admin",
      parent: { path: "/admin", label: admin.title },
      body: html`
        <h1>${admin.providers}</h1>
        <p class="lead">${words.text}</p>
        ${summaryOf(visit)}
        ${
          page.items.length === 0
            ? html`<p class="empty">${words.none}</p>`
            : html`<ul class="rows">${page.items.map((each) => row(visit, each))}</ul>`
        }
        ${pager(visit, {
          first: cursor === undefined ? undefined : visit.href(PATH),
          next: page.nextCursor && visit.href(PATH, { cursor: page.nextCursor }),
        })}
        <section><h2>${words.open}</h2>${formOf(visit, {
          name: "open",
          fields: openFields(visit),
          submit: words.open,
        })}</section>`,
    };
  },
  forms: {
    open: {
      route: "POST /v1/providers",
      beside: { already_exists: "id", other_issuer: "id" },
      next: ({ visit }) => visit.href(PATH, { done: "providerOpened" }),
    },
    revise: {
      route: "PATCH /v1/providers/:id",
      input: ({ provider = "", ...body }) => ({ params: { id: provider }, body }),
      next: ({ visit }) => visit.href(PATH, { done: "providerRevised" }),
    },
    close: {
      route: "DELETE /v1/providers/:id",
      input: ({ provider = "" }) => ({ params: { id: provider } }),
      next: ({ visit }) => visit.href(PATH, { done: "providerClosed" }),
    },
  },
};

function openFields(visit: Visit): ReadonlyArray<Field> {
  const { provider: words } = visit.texts;
  return [
    { name: "id", label: words.id, hint: words.idHint, autocomplete: "off", code: true },
    {
      name: "issuer",
      label: words.issuer,
      hint: words.issuerHint,
      type: "url",
      autocomplete: "off",
      code: true,
    },
    ...clientFields(visit, words.secretHint),
  ];
}

function clientFields(
  { texts: { provider: words } }: Visit,
  secretHint: string,
  now?: ConfiguredProvider,
): ReadonlyArray<Field> {
  return [
    { name: "name", label: words.name, autocomplete: "off", value: now?.name },
    {
      name: "clientId",
      label: words.clientId,
      autocomplete: "off",
      code: true,
      value: now?.clientId,
    },
    {
      name: "clientSecret",
      label: words.clientSecret,
      hint: secretHint,
      type: "password",
      autocomplete: "off",
      optional: true,
    },
  ];
}

function row(visit: Visit, provider: ConfiguredProvider) {
  const { provider: words } = visit.texts;
  const { id, name, issuer, status, origin, redirectUri } = provider;
  const isOpen = status === "open";
  const isOurs = origin === "architect";
  return html`<li><div class="what"><strong>${foreign(name)}</strong> <code>${id}</code>
<p>${foreign(issuer)}</p><p>${words.redirect}: <code>${redirectUri}</code></p>${
    isOpen && isOurs && revision(visit, provider)
  }${isOpen && isOurs && closing(visit, id)}</div>
<p class="pills">${!isOurs && pill(words.environment)}${
    isOpen ? pill(words.isOpen, "good") : pill(words.isClosed)
  }</p></li>`;
}

function revision(visit: Visit, provider: ConfiguredProvider) {
  const { provider: words } = visit.texts;
  const shown = onlyHere(visit, { form: "revise", member: "provider", value: provider.id });
  const isHere = shown.failed?.form === "revise";
  return html`<details${isHere ? html` open` : ""}><summary>${words.revise}</summary>${formOf(
    shown,
    {
      name: "revise",
      hidden: { provider: provider.id },
      fields: clientFields(visit, words.secretKeep, provider),
      submit: words.revise,
    },
  )}</details>`;
}

/** Behind a click: whoever comes in by it alone is out. */
function closing(visit: Visit, id: string) {
  const { provider: words } = visit.texts;
  const shown = onlyHere(visit, { form: "close", member: "provider", value: id });
  const isHere = shown.failed?.form === "close";
  const form = formOf(shown, {
    name: "close",
    hidden: { provider: id },
    submit: words.close,
    look: "danger",
  });
  return html`<details${isHere ? html` open` : ""}><summary>${words.close}</summary>
<p>${words.sure}</p>${form}</details>`;
}
