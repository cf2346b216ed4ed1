import { formOf } from "../form-parts.ts";
import { type Html, html } from "../html.ts";
import type { Form } from "../page.ts";
import type { Visit } from "../visit.ts";

/** Offered to whoever an application sent here: for the account pages alone a guest needs none. */
export function guestOffer(visit: Visit): Html | undefined {
  if (visit.redirectTo === undefined || visit.person !== undefined) return undefined;
  if (!/^https?:/.test(visit.redirectTo)) return undefined;
  const { guest } = visit.texts;
  return html`<hr>${formOf(visit, { name: "guest", submit: guest.submit, look: "quiet" })}`;
}

export const guestForm: Form = {
  route: "POST /v1/guest",
  input: () => ({}),
  next: ({ visit }) => visit.redirectTo ?? visit.href("/account"),
};
