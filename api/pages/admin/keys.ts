import type { KeyView } from "../../keys/key-view.ts";
import { formOf, summaryOf } from "../form-parts.ts";
import { html } from "../html.ts";
import type { Page } from "../page.ts";
import { moment, pill } from "../pieces.ts";
import { may, read, type Visit } from "../visit.ts";

const PATH = "/admin/keys";

/** What tokens are signed with, and what comes next. */
export const keysPage: Page = {
  path: PATH,
  gate: ["architect", "auditor"],
  show: async (visit) => {
    const { admin, keys: words } = visit.texts;
    const { items } = await read<{ readonly items: ReadonlyArray<KeyView> }>(visit, "GET /v1/keys");
    const owner = may(visit, "architect");
    return {
      title: admin.keys,
      frame: "admin",
      parent: { path: "/admin", label: admin.title },
      body: html`
        <div class="heading"><h1>${admin.keys}</h1>
        ${owner && formOf(visit, { name: "rotate", submit: words.rotate, look: "quiet" })}</div>
        <p class="lead">${words.text} <a href="/oauth2/jwks">/oauth2/jwks</a></p>
        ${summaryOf(visit)}
        ${
          items.length === 0
            ? html`<p class="empty">${words.none}</p>`
            : html`<ul class="rows">${items.toReversed().map((key) => row(visit, key, owner))}</ul>`
        }`,
    };
  },
  forms: {
    rotate: {
      route: "POST /v1/keys/rotate",
      input: () => ({ body: {} }),
      next: ({ visit, body }) => {
        const { rotated } = body as { readonly rotated: boolean };
        return visit.href(PATH, { done: rotated ? "keysRotated" : "keysNotRotated" });
      },
    },
    compromised: {
      route: "POST /v1/keys/:kid/compromised",
      input: ({ kid = "" }) => ({ params: { kid } }),
      next: ({ visit }) => visit.href(PATH, { done: "keyCompromised" }),
    },
  },
};

function row(visit: Visit, key: KeyView, owner: boolean) {
  const { keys: words } = visit.texts;
  const { kid, algorithm, status, mintedAt, nextChange, overdue } = key;
  const next = nextChange && html` · ${words.next[nextChange.to]} ${moment(visit, nextChange.at)}`;
  const state = pill(words.states[status], lookOf(status));
  return html`<li><div class="what"><strong>${algorithm}</strong> <code>${kid}</code>
<p>${words.minted} ${moment(visit, mintedAt)}${next}</p>${
    owner && status !== "compromised" && compromise(visit, kid)
  }</div>
<p class="pills">${overdue && pill(words.overdue, "bad")}${state}</p></li>`;
}

function lookOf(status: KeyView["status"]) {
  if (status === "active") return "good";
  return status === "compromised" ? "bad" : undefined;
}

/** Behind a click: it cannot be taken back. */
function compromise(visit: Visit, kid: string) {
  const { keys: words } = visit.texts;
  return html`<details><summary>${words.compromised}</summary><p>${words.sure}</p>${formOf(visit, {
    name: "compromised",
    hidden: { kid },
    submit: words.compromise,
    look: "danger",
  })}</details>`;
}
