import { formOf, summaryOf } from "../form-parts.ts";
import { html } from "../html.ts";
import { fill } from "../message.ts";
import type { Page } from "../page.ts";
import type { Visit } from "../visit.ts";
import { doorsOf } from "./doors.ts";
import { guestForm, guestOffer } from "./guest.ts";
import { providerButtons, providersOf, tripFailure } from "./providers.ts";
import { goingOn, proofAgain, waitingFor } from "./waiting.ts";

/** Where somebody goes who has just come in. */
export function inside(visit: Visit, query: Readonly<Record<string, string>> = {}): string {
  return visit.redirectTo ?? visit.href("/account", query);
}

export const signInPage: Page = {
  path: "/sign-in",
  gate: "public",
  show: async (visit) => {
    const { texts, person, redirectTo } = visit;
    const isAnew = visit.query["prompt"] === "login" && person !== undefined;
    if (person !== undefined && !person.user.guest && !isAnew) return { to: inside(visit) };
    const { signIn } = texts;
    const waiting = await waitingFor(visit);
    if (isAnew && person.user.methods.includes("password")) return proofAgain(visit, waiting);
    const doors = await doorsOf(visit);
    const title = fill(signIn.title, { brand: visit.brand.name });
    return {
      title,
      frame: "door",
      body: html`
        <h1>${title}</h1>
        ${goingOn(visit, waiting)}
        ${summaryOf(visit)}
        ${tripFailure(visit)}
        ${
          visit.keptAside &&
          html`<p class="aside"><a href="${visit.href("/impersonation")}"
          >${texts.impersonation.back}</a></p>`
        }
        ${formOf(visit, {
          name: "password",
          fields: [
            {
              name: "identifier",
              label: signIn.identifier,
              autocomplete: "username",
              code: false,
              value: waiting?.loginHint,
            },
            {
              name: "password",
              label: signIn.password,
              type: "password",
              autocomplete: "current-password",
            },
          ],
          submit: signIn.submit,
          also:
            doors.magicLink &&
            html`<button class="quiet" type="submit" name="form" value="link">${signIn.link}
            </button>`,
        })}
        ${
          visit.settings.verifyEmail === "before-sign-in" &&
          html`<p class="quiet">${signIn.proofFirst}</p>`
        }
        ${providerButtons(visit, await providersOf(visit), {
          prompt: isAnew ? "login" : undefined,
        })}
        ${guestOffer(visit)}
        <p class="links">
          ${doors.reset && html`<a href="${visit.href("/reset-password")}">${signIn.forgot}</a>`}
          ${
            doors.signUp &&
            html`<a
          href="${visit.href("/sign-up", { redirectTo })}">${signIn.signUp}</a>`
          }
        </p>`,
    };
  },
  forms: {
    guest: guestForm,
    again: {
      route: "POST /v1/session/elevate",
      input: ({ password }) => ({ body: { password } }),
      next: ({ visit }) => inside(visit),
    },
    password: {
      route: "POST /v1/sign-in",
      refuse: ({ identifier, password }) =>
        identifier !== undefined && password === undefined
          ? { status: 400, code: "password_missing", field: "password" }
          : undefined,
      input: ({ identifier, password }) => ({ body: { identifier, password } }),
      next: ({ visit }) => inside(visit),
    },
    link: {
      route: "POST /v1/magic-link",
      shownAs: "password",
      input: ({ identifier: email }, { redirectTo }) => ({ body: { email, redirectTo } }),
      beside: { email: "identifier" },
      next: ({ visit }) => visit.href("/sign-in/sent", { redirectTo: visit.redirectTo }),
    },
  },
};

/** After a link was asked for: the same for everybody, whether or not there is an account. */
export const sentPage: Page = {
  path: "/sign-in/sent",
  gate: "public",
  show: async (visit) => {
    const { sent } = visit.texts;
    const { devMail } = await doorsOf(visit);
    return {
      title: sent.title,
      frame: "door",
      body: html`
        <h1>${sent.title}</h1>
        <p>${visit.query["for"] === "sign-up" ? sent.signUp : sent.text}</p>
        <p class="quiet">${sent.late}</p>
        ${devMail && html`<p class="aside">${sent.dev} <a href="/dev/mail">/dev/mail</a></p>`}
        <p><a href="${visit.href("/sign-in", { redirectTo: visit.redirectTo })}">${sent.back}</a>
        </p>`,
    };
  },
};
