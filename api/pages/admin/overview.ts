import { html } from "../html.ts";
import { adminEntries } from "../navigation.ts";
import type { Page } from "../page.ts";

/** What this person's roles let them look after. */
export const adminPage: Page = {
  path: "/admin",
  gate: ["admin", "architect", "auditor"],
  show: async (visit) => {
    const { admin } = visit.texts;
    const rows = adminEntries(visit).map(
      ({ path, label, text }) =>
        html`<li><div class="what"><a class="whole" href="${visit.href(path)}">${label}</a>
<p>${text}</p></div></li>`,
    );
    return {
      title: admin.title,
      frame: "admin",
      body: html`<h1>${admin.title}</h1><ul class="rows">${rows}</ul>`,
    };
  },
};
