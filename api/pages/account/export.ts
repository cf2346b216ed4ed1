import { html } from "../html.ts";
import type { Page } from "../page.ts";

/** A copy of everything that is kept about one. */
export const exportPage: Page = {
  path: "/account/export",
  gate: "session",
  show: async (visit) => {
    const { account } = visit.texts;
    return {
      title: account.export,
      frame: "account",
      parent: { path: "/account", label: account.title },
      body: html`
        <h1>${account.export}</h1>
        <section>
          <p>${account.exportLong}</p>
          <p class="actions"><a class="button" href="/v1/me/export"
          download="authledger-export.json">${account.exportAction}</a></p>
        </section>`,
    };
  },
};
