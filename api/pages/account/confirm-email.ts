import { calledOf } from "../called.ts";
import { isSpent } from "../door/spent-link.ts";
import { formOf, summaryOf } from "../form-parts.ts";
import { foreign, html } from "../html.ts";
import type { Page, Shown } from "../page.ts";
import type { Visit } from "../visit.ts";

/**
 * Where the mail to a new address leads. Only whoever is signed in to the account moves it there,
 * so the page says which one it is before the button is pressed.
 */
export const confirmEmailPage: Page = {
  path: "/account/email/confirm",
  gate: "session",
  show: async (visit) => {
    const { texts, person, failed, query } = visit;
    const { account, mailLink } = texts;
    const { change } = mailLink;
    if (isSpent(visit)) return spentChange(visit);
    const token = failed?.typed["carried"] ?? query["token"];
    const whose = person === undefined ? "" : calledOf(person.user);
    const address = typeof person?.user.email === "string" ? person.user.email : undefined;
    return {
      title: change.title,
      frame: "account",
      parent: { path: "/account/email", label: account.email },
      body: html`
        <h1>${change.title}</h1>
        ${summaryOf(visit)}
        <section>
          <p>${change.text}</p>
          <p>${foreign(whose)}${
            address !== undefined && address !== whose && html`<br>${foreign(address)}`
          }</p>
          <p class="hint">${change.other}
            <a href="${visit.href("/sign-out")}">${texts.signOut.action}</a></p>
          ${
            token === undefined
              ? html`<p>${mailLink.brokenText}</p>`
              : formOf(visit, {
                  name: "confirm",
                  hidden: { carried: token },
                  submit: change.submit,
                })
          }
        </section>`,
    };
  },
  forms: {
    confirm: {
      route: "POST /v1/email/verify",
      input: ({ carried: token }) => ({ body: { token } }),
      next: ({ visit }) => visit.href("/account/email", { done: "verified" }),
    },
  },
};

/** What is wrong with the link, and where the change is asked for again. */
function spentChange(visit: Visit): Shown {
  const { account, mailLink } = visit.texts;
  return {
    title: mailLink.spent,
    frame: "account",
    parent: { path: "/account/email", label: account.email },
    body: html`
      <h1>${mailLink.spent}</h1>
      ${summaryOf(visit)}
      <p><a class="button" href="${visit.href("/account/email")}">${mailLink.again}</a></p>`,
  };
}
