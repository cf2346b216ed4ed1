import { formOf, summaryOf } from "../form-parts.ts";
import { html } from "../html.ts";
import { fill } from "../message.ts";
import type { Page } from "../page.ts";

/** Erases oneself, once one has typed that one means it. */
export const deletePage: Page = {
  path: "/account/delete",
  gate: "session",
  show: async (visit) => {
    const { account, erase } = visit.texts;
    return {
      title: account.delete,
      frame: "account",
      parent: { path: "/account", label: account.title },
      body: html`
        <h1>${account.delete}</h1>
        ${summaryOf(visit)}
        <section>
          <p>${erase.text}</p>
          <p>${erase.kept}</p>
          ${formOf(visit, {
            name: "erase",
            fields: [
              {
                name: "confirm",
                label: fill(erase.confirm, { word: erase.word }),
                autocomplete: "off",
                code: true,
              },
            ],
            submit: erase.submit,
            look: "danger",
          })}
        </section>`,
    };
  },
  forms: {
    erase: {
      route: "DELETE /v1/me",
      refuse: ({ confirm }, { texts }) =>
        confirm?.trim().toLowerCase() === texts.erase.word.toLowerCase()
          ? undefined
          : { status: 400, code: "confirm_mismatch", field: "confirm" },
      input: () => ({}),
      next: ({ visit }) => visit.href("/sign-in", { done: "erased" }),
    },
  },
};
