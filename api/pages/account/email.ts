import { mailIsHere } from "../door/doors.ts";
import { formOf, summaryOf } from "../form-parts.ts";
import { foreign, html } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, pill } from "../pieces.ts";

/** The address one signs in with: proving it, and moving to another. */
export const emailPage: Page = {
  path: "/account/email",
  gate: "session",
  show: async (visit) => {
    const { texts, person } = visit;
    const { account, email, sent } = texts;
    const user = person?.user;
    const address = typeof user?.email === "string" ? user.email : undefined;
    const unproved = address !== undefined && user?.emailVerified === false;
    const state =
      user?.emailVerified === true ? pill(account.verified, "good") : pill(account.unverified);
    return {
      title: account.email,
      frame: "account",
      parent: { path: "/account", label: account.title },
      body: html`
        <h1>${account.email}</h1>
        ${summaryOf(visit)}
        <section>
          ${facts([
            [
              email.now,
              address === undefined
                ? account.noEmail
                : html`${foreign(address)}
          ${state}`,
            ],
          ])}
          ${
            unproved &&
            html`<p>${account.proveText}
          </p>${formOf(visit, { name: "verification", submit: email.resend, look: "quiet" })}`
          }
        </section>
        <section>
          <h2>${email.change}</h2>
          <p class="hint">${email.text}</p>
          ${formOf(visit, {
            name: "email",
            fields: [{ name: "email", label: email.next, type: "email", autocomplete: "email" }],
            submit: email.submit,
          })}
        </section>
        ${
          mailIsHere(visit) &&
          html`<p class="quiet">${sent.dev} <a href="/dev/mail">/dev/mail</a></p>`
        }`,
    };
  },
  forms: {
    email: {
      route: "PUT /v1/me/email",
      beside: { email_taken: "email", taken: "email" },
      next: ({ visit }) => visit.href("/account/email", { done: "emailSent" }),
    },
    verification: {
      route: "POST /v1/email/verification",
      input: () => ({}),
      next: ({ visit }) => visit.href("/account/email", { done: "verificationSent" }),
    },
  },
};
