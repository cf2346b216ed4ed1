import { formOf, summaryOf } from "../form-parts.ts";
import { html } from "../html.ts";
import type { Page } from "../page.ts";

/** A button, for a link could be put before anybody. */
export const signOutPage: Page = {
  path: "/sign-out",
  gate: "public",
  show: async (visit) => {
    const { signOut } = visit.texts;
    if (visit.person === undefined) return { to: visit.href("/sign-in") };
    const back = html`<a class="button quiet" href="${visit.href("/account")}">${signOut.stay}</a>`;
    return {
      title: signOut.title,
      frame: "door",
      body: html`
        <h1>${signOut.title}</h1>
        ${visit.person.user.guest && html`<p class="aside">${signOut.guest}</p>`}
        ${formOf(visit, { name: "sign-out", submit: signOut.action, also: back })}`,
    };
  },
  forms: {
    "sign-out": {
      route: "POST /v1/sign-out",
      input: () => ({}),
      next: ({ visit }) => visit.href("/sign-in", { done: "signOut" }),
    },
  },
};

/**
 * The end of acting in somebody's name. The banner's button comes here, and whose hour is over:
 * nobody is signed in then, but their own session waits.
 */
export const impersonationPage: Page = {
  path: "/impersonation",
  gate: "public",
  show: async (visit) => {
    const { impersonation, mailLink } = visit.texts;
    if (visit.person !== undefined) return { to: visit.href("/account") };
    if (!visit.keptAside) return { to: visit.href("/sign-in") };
    return {
      title: impersonation.over,
      frame: "door",
      body: html`
        <h1>${impersonation.over}</h1>
        ${summaryOf(visit)}
        ${formOf(visit, { name: "stop", submit: impersonation.back })}
        <p class="links"><a href="${visit.href("/sign-in")}">${mailLink.back}</a></p>`,
    };
  },
  forms: {
    stop: {
      route: "POST /v1/impersonation/stop",
      input: () => ({}),
      next: ({ visit }) => {
        const id = visit.person?.user.id;
        const path = id === undefined ? "/account" : `/admin/users/${id}`;
        return visit.href(path, { done: "impersonationStopped" });
      },
    },
  },
};

/** The front door leads to where one belongs. */
export const homePage: Page = {
  path: "/",
  gate: "public",
  show: async (visit) => {
    if (visit.isNew) return { to: visit.href("/setup") };
    return { to: visit.href(visit.person === undefined ? "/sign-in" : "/account") };
  },
};
