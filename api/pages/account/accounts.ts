import type { AccountView } from "../../accounts/account-view.ts";
import {
  goOnTo,
  type Offered,
  providerButtons,
  providersOf,
  tripFailure,
} from "../door/providers.ts";
import { formOf, summaryOf } from "../form-parts.ts";
import { foreign, html } from "../html.ts";
import { fill } from "../message.ts";
import { onlyHere } from "../only-here.ts";
import type { Page } from "../page.ts";
import { moment, type PageOf } from "../pieces.ts";
import { read, type Visit } from "../visit.ts";

const PATH = "/account/accounts";

/** Accounts elsewhere that let one in, and a way to add and to give up each. */
export const accountsPage: Page = {
  path: PATH,
  gate: "session",
  show: async (visit) => {
    const { account, accounts } = visit.texts;
    const offered = await providersOf(visit);
    const { items } = await read<PageOf<AccountView>>(visit, "GET /v1/me/accounts");
    const linked = items.filter(({ provider }) => provider !== "password");
    return {
      title: accounts.title,
      frame: "account",
      parent: { path: "/account", label: account.title },
      body: html`
        <h1>${accounts.title}</h1>
        ${summaryOf(visit)}
        ${tripFailure(visit)}
        ${proofElsewhere(visit, offered)}
        <p class="lead">${accounts.text}</p>
        ${
          linked.length === 0
            ? html`<p class="empty">${accounts.none}</p>`
            : html`<ul class="rows">${linked.map((each) => row(visit, each, offered))}</ul>`
        }
        ${offered.map(({ id, name }) =>
          formOf(onlyHere(visit, { form: "link", member: "provider", value: id }), {
            name: "link",
            hidden: { provider: id },
            submit: fill(accounts.link, { name }),
            look: "quiet",
          }),
        )}`,
    };
  },
  forms: {
    link: {
      route: "POST /v1/providers/:id/link",
      input: ({ provider = "" }, { language }) => ({
        params: { id: provider },
        body: { lang: language },
      }),
      next: ({ fields: { provider = "" }, body }) => goOnTo(provider, body),
    },
    unlink: {
      route: "DELETE /v1/me/accounts/:id",
      input: ({ id = "" }) => ({ params: { id } }),
      next: ({ visit }) => visit.href(PATH, { done: "accountUnlinked" }),
    },
  },
};

function row(
  visit: Visit,
  { id, provider, createdAt }: AccountView,
  offered: ReadonlyArray<Offered>,
) {
  const { accounts, consents } = visit.texts;
  const name = offered.find((one) => one.id === provider)?.name ?? provider;
  const shown = onlyHere(visit, { form: "unlink", member: "id", value: id });
  return html`<li><div class="what"><strong>${foreign(name)}</strong>
<p>${consents.since} ${moment(visit, createdAt)}</p></div>
${formOf(shown, { name: "unlink", hidden: { id }, submit: accounts.unlink, look: "danger" })}</li>`;
}

/** Whoever has no password proves anew who they are where they come from. */
function proofElsewhere(visit: Visit, offered: ReadonlyArray<Offered>) {
  const { failed, person, texts } = visit;
  const isWanted = failed?.problem.code === "elevation_required";
  if (!isWanted || person?.user.methods.includes("password") === true) return undefined;
  const setting = { redirectTo: PATH, prompt: "login", words: texts.accounts.fresh } as const;
  return providerButtons(visit, offered, setting);
}
