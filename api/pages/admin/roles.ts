import { formOf, summaryOf } from "../form-parts.ts";
import { html } from "../html.ts";
import type { Page } from "../page.ts";
import { pill } from "../pieces.ts";
import { rolesHere } from "../roles-here.ts";
import { may } from "../visit.ts";

/** Which roles there are; an architect defines more. */
export const rolesPage: Page = {
  path: "/admin/roles",
  gate: ["admin", "architect", "auditor"],
  show: async (visit) => {
    const { admin, role: words } = visit.texts;
    const owner = may(visit, "architect");
    const known: Readonly<Record<string, string>> = words.groups;
    const named = (group: string) => known[group] ?? group;
    const rows = (await rolesHere(visit)).map(
      ({ name, description, groups = [], builtIn }) =>
        html`<li><div class="what"><code>${name}</code><p>${
          (!builtIn || visit.language === "en") && description
        }</p></div>
<p class="pills">${groups.map((group) => pill(named(group)))}</p>
${
  owner &&
  !builtIn &&
  formOf(visit, { name: "retire", hidden: { role: name }, submit: words.retire, look: "quiet" })
}</li>`,
    );
    return {
      title: admin.roles,
      frame: "admin",
      parent: { path: "/admin", label: admin.title },
      body: html`
        <h1>${admin.roles}</h1>
        ${summaryOf(visit)}
        <ul class="rows">${rows}</ul>
        ${
          owner &&
          html`<section><h2>${words.define}</h2>${formOf(visit, {
            name: "define",
            fields: [
              {
                name: "name",
                label: words.name,
                hint: words.nameHint,
                autocomplete: "off",
                code: true,
              },
              { name: "description", label: words.description, autocomplete: "off" },
            ],
            submit: words.define,
          })}</section>`
        }`,
    };
  },
  forms: {
    define: {
      route: "POST /v1/roles",
      beside: { already_exists: "name", name: "name" },
      next: ({ visit }) => visit.href("/admin/roles", { done: "roleDefined" }),
    },
    retire: {
      route: "DELETE /v1/roles/:name",
      input: ({ role = "" }) => ({ params: { name: role } }),
      next: ({ visit }) => visit.href("/admin/roles", { done: "roleRetired" }),
    },
  },
};
