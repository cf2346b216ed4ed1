import { html } from "../html.ts";
import { adminEntries } from "../navigation.ts";
import type { Page } from "../page.ts";
import type { Visit } from "../visit.ts";

/** What this person's roles let them look after. */
export const adminPage: Page = {
  path: "/admin",
  gate: ["admin", "architect", "auditor"],
  show: async (visit) => {
    const { admin } = visit.texts;
    const rows = adminEntries(visit).map(
      ({ path, label }) =>
        html`<li><div class="what"><a class="whole" href="${visit.href(path)}">${label}</a>
<p>${about(visit, path)}</p></div></li>`,
    );
    return {
      title: admin.title,
      frame: "admin",
      body: html`<h1>${admin.title}</h1><ul class="rows">${rows}</ul>`,
    };
  },
};

function about({ texts }: Visit, path: string): string | undefined {
  switch (path) {
    case "/admin/users":
      return texts.users.text;
    case "/admin/invitations":
      return texts.invitations.text;
    case "/admin/roles":
      return texts.role.text;
    case "/admin/architects":
      return texts.architect.text;
    case "/admin/guests":
      return texts.guests.text;
    case "/admin/mail":
      return texts.mail.text;
    case "/admin/ledger":
      return texts.ledger.text;
    default:
      return undefined;
  }
}
