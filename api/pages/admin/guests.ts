import { formOf, summaryOf } from "../form-parts.ts";
import { html } from "../html.ts";
import type { Page } from "../page.ts";
import { read } from "../visit.ts";

/** As `GET /v1/guests/limits` has them. */
type Limits = { readonly perAddressPerHour: number; readonly max: number };

/** How many guests there may be. */
export const guestsPage: Page = {
  path: "/admin/guests",
  gate: ["architect"],
  show: async (visit) => {
    const { admin, guests: words, frame } = visit.texts;
    const limits = await read<Limits>(visit, "GET /v1/guests/limits");
    return {
      title: admin.guests,
      frame: "admin",
      parent: { path: "/admin", label: admin.title },
      body: html`
        <h1>${admin.guests}</h1>
        <p class="lead">${words.text}</p>
        ${summaryOf(visit)}
        <section>${formOf(visit, {
          name: "limits",
          fields: [
            {
              name: "perAddressPerHour",
              label: words.perAddress,
              value: String(limits.perAddressPerHour),
              inputmode: "numeric",
            },
            {
              name: "max",
              label: words.total,
              value: String(limits.max),
              inputmode: "numeric",
            },
          ],
          submit: frame.save,
        })}</section>`,
    };
  },
  forms: {
    limits: {
      route: "PUT /v1/guests/limits",
      input: ({ perAddressPerHour, max }) => ({
        body: { perAddressPerHour: whole(perAddressPerHour), max: whole(max) },
      }),
      next: ({ visit }) => visit.href("/admin/guests", { done: "limits" }),
    },
  },
};

/** What is no whole number is sent as it is, for the API to refuse. */
function whole(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text) : text;
}
