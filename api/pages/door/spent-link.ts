import { type Field, formOf, summaryOf } from "../form-parts.ts";
import { type Html, html } from "../html.ts";
import type { Form, Shown } from "../page.ts";
import type { Visit } from "../visit.ts";

/** What a link was for, where another one can be had. */
type Kind = "magic" | "verify" | "reset" | "appoint";

/** Whether the link that was used opens nothing any more, or another one is being asked for. */
export function isSpent({ failed }: Visit): boolean {
  return failed?.form === AGAIN || failed?.problem.code === "invalid_token";
}

/** The form by which somebody asks for another link. */
const AGAIN = "again";

/** Instead of a form that cannot succeed: what is wrong, and the one thing to do about it. */
export function spentLink(visit: Visit, kind: Kind): Shown {
  const { mailLink } = visit.texts;
  return {
    title: mailLink.spent,
    frame: "door",
    body: html`
      <h1>${mailLink.spent}</h1>
      ${summaryOf(visit)}
      ${wayOn(visit, kind)}
      <p class="links"><a href="${visit.href("/sign-in")}">${mailLink.back}</a></p>`,
  };
}

function wayOn(visit: Visit, kind: Kind): Html {
  const { mailLink } = visit.texts;
  if (kind === "appoint") return html`<p>${mailLink.askOperator}</p>`;
  if (kind === "verify") return html`<p>${proofAgain(visit)}</p>`;
  return formOf(visit, { name: AGAIN, fields: [address(visit)], submit: mailLink.again });
}

function address({ texts }: Visit): Field {
  return { name: "email", label: texts.signUp.email, type: "email", autocomplete: "email" };
}

/** Only for one's own address a proof is asked for, so one signs in before. */
function proofAgain(visit: Visit): Html {
  const { mailLink } = visit.texts;
  const { person } = visit;
  if (person === undefined || person.user.guest) {
    const to = visit.href("/sign-in", { redirectTo: "/account/email" });
    return html`<a class="button" href="${to}">${mailLink.signIn}</a>`;
  }
  return html`<a class="button" href="${visit.href("/account/email")}">${mailLink.again}</a>`;
}

/** Asks for a link of the same kind; the answer is the same for every address. */
export function againForm(kind: "magic" | "reset"): Readonly<Record<string, Form>> {
  const route = kind === "magic" ? "POST /v1/magic-link" : "POST /v1/password/reset";
  const next: Form["next"] = ({ visit }) =>
    kind === "magic" ? visit.href("/sign-in/sent") : visit.href("/reset-password", { sent: "yes" });
  return { [AGAIN]: { route, input: ({ email }) => ({ body: { email } }), next } };
}
