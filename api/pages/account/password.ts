import { type Field, formOf, summaryOf } from "../form-parts.ts";
import { html } from "../html.ts";
import type { Page } from "../page.ts";

/** Replaces a password, or sets the first one. */
export const passwordPage: Page = {
  path: "/account/password",
  gate: "session",
  show: async (visit) => {
    const { texts, person } = visit;
    const { account, password, signUp } = texts;
    const has = person?.user.methods.includes("password") === true;
    const current: Field = {
      name: "current",
      label: password.current,
      type: "password",
      autocomplete: "current-password",
    };
    const chosen: Field = {
      name: "password",
      label: password.next,
      hint: signUp.passwordHint,
      type: "password",
      autocomplete: "new-password",
    };
    return {
      title: account.password,
      frame: "account",
      parent: { path: "/account", label: account.title },
      body: html`
        <h1>${account.password}</h1>
        ${summaryOf(visit)}
        <section>
          <p>${has ? password.text : password.first}</p>
          ${formOf(visit, {
            name: "password",
            fields: has ? [current, chosen] : [chosen],
            submit: has ? password.replace : password.set,
          })}
        </section>`,
    };
  },
  forms: {
    password: {
      route: "PUT /v1/me/password",
      beside: { invalid_credentials: "current" },
      next: ({ visit }) => visit.href("/account/password", { done: "password" }),
    },
  },
};
