import type { Personal } from "../../users/user-view.ts";
import { formOf, summaryOf } from "../form-parts.ts";
import { html } from "../html.ts";
import type { Page } from "../page.ts";

/** A second name to sign in by. */
export const usernamePage: Page = {
  path: "/account/username",
  gate: "session",
  show: async (visit) => {
    const { account, username } = visit.texts;
    const user = visit.person?.user;
    const held = user !== undefined && "username" in user ? (user.username as Personal) : undefined;
    return {
      title: account.username,
      frame: "account",
      parent: { path: "/account", label: account.title },
      body: html`
        <h1>${account.username}</h1>
        ${summaryOf(visit)}
        <section>
          <p>${username.text}</p>
          ${formOf(visit, {
            name: "username",
            fields: [
              {
                name: "username",
                label: account.username,
                hint: username.hint,
                autocomplete: "username",
                value: typeof held === "string" ? held : undefined,
              },
            ],
            submit: visit.texts.frame.save,
          })}
        </section>`,
    };
  },
  forms: {
    username: {
      route: "PUT /v1/me/username",
      beside: { username_taken: "username", taken: "username" },
      next: ({ visit }) => visit.href("/account/username", { done: "username" }),
    },
  },
};
