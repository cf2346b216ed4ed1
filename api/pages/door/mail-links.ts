import { type Field, formOf, summaryOf } from "../form-parts.ts";
import { html } from "../html.ts";
import { fill } from "../message.ts";
import type { Page } from "../page.ts";
import type { Visit } from "../visit.ts";
import { doorsOf } from "./doors.ts";
import { inside } from "./sign-in.ts";
import { againForm, isSpent, spentLink } from "./spent-link.ts";

/** What a mail's link carries; in the form it has another name, for it is shown again. */
const carried = (visit: Visit): string | undefined =>
  visit.failed?.typed["carried"] ?? visit.query["token"];

/** A link that lost its end on the way, which mail programs do. */
async function incomplete(visit: Visit) {
  const { mailLink } = visit.texts;
  const body = html`<h1>${mailLink.broken}</h1><p>${mailLink.brokenText}</p>
<p class="links"><a href="${visit.href("/sign-in")}">${mailLink.back}</a></p>`;
  return { title: mailLink.broken, frame: "door", body } as const;
}

/** Signs in: a scanner that opens the link redeems nothing, only the button does. */
export const magicLinkPage: Page = {
  path: "/magic-link",
  gate: "public",
  show: async (visit) => {
    const { title, text, submit } = visit.texts.mailLink.magic;
    if (isSpent(visit)) return spentLink(visit, "magic");
    const token = carried(visit);
    if (token === undefined) return incomplete(visit);
    return {
      title,
      frame: "door",
      leadsAway: true,
      body: html`
        <h1>${title}</h1>
        ${summaryOf(visit)}
        <p>${fill(text, { brand: visit.brand.name })}</p>
        ${formOf(visit, { name: "confirm", hidden: { carried: token }, submit })}`,
    };
  },
  forms: {
    ...againForm("magic"),
    confirm: {
      route: "POST /v1/magic-link/redeem",
      input: ({ carried: token }) => ({ body: { token } }),
      next: ({ visit, body }) => redirectOf(body) ?? inside(visit, removedNotice(body)),
    },
  },
};

/** Whether who looks can be taken for the person of the link: their own address is unproved. */
function provesOwn({ person }: Visit): boolean {
  const { guest, email, emailVerified } = person?.user ?? {};
  return guest === false && email !== undefined && emailVerified !== true;
}

/**
 * Proves an address. Whose own it may not be may bring the password: one that was chosen before the
 * proof, by whoever had not the mailbox, is removed otherwise.
 */
export const verifyEmailPage: Page = {
  path: "/verify-email",
  gate: "public",
  show: async (visit) => {
    const { verify } = visit.texts.mailLink;
    if (isSpent(visit)) return spentLink(visit, "verify");
    const token = carried(visit);
    if (token === undefined) return incomplete(visit);
    const password: Field = {
      name: "password",
      label: verify.password,
      hint: verify.passwordHint,
      type: "password",
      autocomplete: "current-password",
      optional: "unsaid",
    };
    return {
      title: verify.title,
      frame: "door",
      body: html`
        <h1>${verify.title}</h1>
        ${summaryOf(visit)}
        <p>${fill(verify.text, { brand: visit.brand.name })}</p>
        ${formOf(visit, {
          name: "confirm",
          hidden: { carried: token },
          fields: provesOwn(visit) ? [] : [password],
          submit: verify.submit,
        })}`,
    };
  },
  forms: {
    confirm: {
      route: "POST /v1/email/verify",
      input: ({ carried: token, password }) => ({ body: { token, password } }),
      beside: { invalid_credentials: "password" },
      next: ({ visit, body }) => {
        const { passwordRemoved } = body as { readonly passwordRemoved: boolean };
        if (passwordRemoved) return visit.href("/reset-password", { done: "verifiedChoose" });
        const inside = visit.person !== undefined && !visit.person.user.guest;
        const path = inside ? "/account/email" : "/sign-in";
        return visit.href(path, { done: "verified" });
      },
    },
  },
};

export const appointPage: Page = {
  path: "/appoint",
  gate: "public",
  show: async (visit) => {
    const { mailLink, reset, signUp, frame } = visit.texts;
    const { title, text, submit } = mailLink.appoint;
    if (isSpent(visit)) return spentLink(visit, "appoint");
    const token = carried(visit);
    if (token === undefined) return incomplete(visit);
    const password: Field = {
      name: "password",
      label: `${reset.password} ${frame.optional}`,
      hint: signUp.passwordHint,
      type: "password",
      autocomplete: "new-password",
      optional: "unsaid",
    };
    return {
      title,
      frame: "door",
      body: html`
        <h1>${title}</h1>
        ${summaryOf(visit)}
        <p>${fill(text, { brand: visit.brand.name })}</p>
        ${formOf(visit, {
          name: "confirm",
          hidden: { carried: token },
          fields: [password],
          submit,
        })}`,
    };
  },
  forms: {
    confirm: {
      route: "POST /v1/architects/redeem",
      input: ({ carried: token, password }) => ({ body: { token, password } }),
      next: ({ visit }) => visit.href("/admin", { done: "appointed" }),
    },
  },
};

/** That a password is gone is worth a word wherever the person comes in. */
function removedNotice(body: unknown): Readonly<Record<string, string>> {
  const { passwordRemoved } = body as { readonly passwordRemoved: boolean };
  return passwordRemoved ? { done: "passwordRemoved" } : {};
}

/** Where the link was asked for; the API only keeps what is listed. */
function redirectOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("redirectTo" in body)) return undefined;
  return typeof body.redirectTo === "string" ? body.redirectTo : undefined;
}

/** Asks for a link to choose a new password and, with one, lets it be chosen. */
export const resetPasswordPage: Page = {
  path: "/reset-password",
  gate: "public",
  show: async (visit) => {
    const { texts, query } = visit;
    const { reset, signUp } = texts;
    if (isSpent(visit)) return spentLink(visit, "reset");
    const token = carried(visit);
    if (query["sent"] !== undefined && visit.failed === undefined) return sent(visit);
    const chosen: Field = {
      name: "password",
      label: reset.password,
      hint: signUp.passwordHint,
      type: "password",
      autocomplete: "new-password",
    };
    const email: Field = {
      name: "email",
      label: signUp.email,
      type: "email",
      autocomplete: "email",
    };
    const title = token === undefined ? reset.title : reset.choose;
    return {
      title,
      frame: "door",
      body: html`
        <h1>${title}</h1>
        <p class="lead">${token === undefined ? reset.text : reset.chooseText}</p>
        ${summaryOf(visit)}
        ${
          token === undefined
            ? formOf(visit, { name: "ask", fields: [email], submit: reset.submit })
            : formOf(visit, {
                name: "complete",
                hidden: { carried: token },
                fields: [chosen],
                submit: reset.save,
              })
        }
        <p class="links"><a href="${visit.href("/sign-in")}">${texts.mailLink.back}</a></p>`,
    };
  },
  forms: {
    ...againForm("reset"),
    ask: {
      route: "POST /v1/password/reset",
      next: ({ visit }) => visit.href("/reset-password", { sent: "yes" }),
    },
    complete: {
      route: "POST /v1/password/reset/complete",
      input: ({ carried: token, password }) => ({ body: { token, password } }),
      next: ({ visit }) => visit.href("/sign-in", { done: "reset" }),
    },
  },
};

async function sent(visit: Visit) {
  const { sent: words, mailLink } = visit.texts;
  const { devMail } = await doorsOf(visit);
  const body = html`
    <h1>${words.title}</h1>
    <p>${words.text}</p>
    <p class="quiet">${words.late}</p>
    ${devMail && html`<p class="aside">${words.dev} <a href="/dev/mail">/dev/mail</a></p>`}
    <p class="links"><a href="${visit.href("/sign-in")}">${mailLink.back}</a></p>`;
  return { title: words.title, frame: "door", body } as const;
}
