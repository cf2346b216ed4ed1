import { type Field, formOf, summaryOf } from "../form-parts.ts";
import { html } from "../html.ts";
import { fill } from "../message.ts";
import type { Form, Page } from "../page.ts";
import type { Visit } from "../visit.ts";
import { guestForm, guestOffer } from "./guest.ts";
import { providerButtons, providersOf } from "./providers.ts";
import { inside } from "./sign-in.ts";

/** What a new person tells of themselves. */
export function newcomerFields(
  { texts }: Visit,
  invited: string | undefined,
): ReadonlyArray<Field> {
  const { signUp } = texts;
  const known = invited === undefined ? {} : { value: invited, fixed: true };
  return [
    { name: "name", label: signUp.name, autocomplete: "name", optional: true },
    { name: "email", label: signUp.email, type: "email", autocomplete: "email", ...known },
    {
      name: "password",
      label: signUp.password,
      hint: signUp.passwordHint,
      type: "password",
      autocomplete: "new-password",
    },
  ];
}

const signUpForm: Form = {
  route: "POST /v1/sign-up",
  input: ({ name, email, password, invitation }) => ({
    body: { name, email, password, invitation },
  }),
  beside: { email_taken: "email", invalid_invitation: "email" },
  // Where addresses are proved first, nobody is in yet: a mail says how to go on.
  next: ({ visit, body }) =>
    body === undefined
      ? visit.href("/sign-in/sent", { for: "sign-up" })
      : inside(visit, { done: "signUp" }),
};

export const signUpPage: Page = {
  path: "/sign-up",
  gate: "public",
  show: async (visit) => {
    const { texts, person, redirectTo, query, failed } = visit;
    if (person !== undefined && !person.user.guest) return { to: inside(visit) };
    const invitation = failed?.typed["invitation"] ?? query["invitation"];
    const { signUp } = texts;
    const back = html`<p class="links">
    <a href="${visit.href("/sign-in", { redirectTo })}">${signUp.signIn}</a></p>`;
    if (visit.settings.signUp !== "open" && invitation === undefined) {
      const title = signUp.closed;
      const why = visit.settings.signUp === "invited" ? signUp.invited : signUp.nobody;
      return { title, frame: "door", body: html`<h1>${title}</h1><p>${why}</p>${back}` };
    }
    const invited = invitation === undefined ? undefined : await invitedBy(visit, invitation);
    if (invited === "over") {
      const title = signUp.over;
      const why = texts.codes.invalid_invitation;
      return { title, frame: "door", body: html`<h1>${title}</h1><p>${why}</p>${back}` };
    }
    const title =
      invitation === undefined ? signUp.title : fill(signUp.welcome, { brand: visit.brand.name });
    const guest = person?.user.guest === true;
    return {
      title,
      frame: "door",
      body: html`
        <h1>${title}</h1>
        ${guest && html`<p class="lead">${signUp.guest}</p>`}
        ${summaryOf(visit)}
        ${formOf(visit, {
          name: "sign-up",
          fields: newcomerFields(visit, invited?.email),
          hidden: { invitation },
          submit: signUp.submit,
        })}
        ${
          invitation === undefined &&
          html`${providerButtons(visit, await providersOf(visit))}${guestOffer(visit)}`
        }
        ${back}`,
    };
  },
  forms: { "sign-up": signUpForm, guest: guestForm },
};

/** Whom the invitation is for; nothing when that cannot be found out now. */
async function invitedBy(visit: Visit, token: string) {
  const told = await visit.ask<{ readonly email: string }>("POST /v1/invitations/look", {
    body: { token },
  });
  if (told.ok) return { email: told.body.email };
  const over = told.problem.code === "invalid_invitation" || told.problem.field === "token";
  return over ? ("over" as const) : undefined;
}

/** Where an invitation's mail leads: nothing is redeemed until the form is sent. */
export const invitationPage: Page = {
  path: "/invitation",
  gate: "public",
  show: async (visit) => ({
    to: visit.href("/sign-up", { invitation: visit.query["token"] ?? "" }),
  }),
};
