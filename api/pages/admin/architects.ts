import type { UserView } from "../../users/user-view.ts";
import { calledOf } from "../called.ts";
import { formOf, summaryOf } from "../form-parts.ts";
import { foreign, html } from "../html.ts";
import type { Page } from "../page.ts";
import { type PageOf, pill } from "../pieces.ts";
import { read, type Visit } from "../visit.ts";

/** Who owns the server. */
export const architectsPage: Page = {
  path: "/admin/architects",
  gate: ["architect"],
  show: async (visit) => {
    const { admin, architect } = visit.texts;
    const page = await read<PageOf<{ readonly userId: string }>>(visit, "GET /v1/architects");
    const rows = await Promise.all(page.items.map(({ userId }) => row(visit, userId)));
    return {
      title: admin.architects,
      frame: "admin",
      parent: { path: "/admin", label: admin.title },
      body: html`
        <h1>${admin.architects}</h1>
        <p class="lead">${architect.text}</p>
        ${summaryOf(visit)}
        <ul class="rows">${rows}</ul>
        <section>
          <h2>${architect.appoint}</h2>
          ${formOf(visit, {
            name: "appoint",
            fields: [
              {
                name: "userId",
                label: architect.user,
                hint: architect.userHint,
                value: visit.query["userId"],
                autocomplete: "off",
                code: true,
              },
            ],
            submit: architect.appoint,
          })}
        </section>`,
    };
  },
  forms: {
    appoint: {
      route: "POST /v1/architects",
      beside: { not_found: "userId", guest: "userId", blocked: "userId" },
      next: ({ visit }) => visit.href("/admin/architects", { done: "architectAppointed" }),
    },
    dismiss: {
      route: "DELETE /v1/architects/:userId",
      input: ({ userId = "" }) => ({ params: { userId } }),
      next: ({ visit }) => visit.href("/admin/architects", { done: "architectDismissed" }),
    },
  },
};

async function row(visit: Visit, userId: string) {
  const { architect } = visit.texts;
  const told = await visit.ask<{ readonly user: UserView }>("GET /v1/users/:id", {
    params: { id: userId },
  });
  const name = told.ok ? calledOf(told.body.user) : userId.slice(0, 8);
  const you = visit.person?.user.id === userId;
  return html`<li><div class="what">
  <a href="${visit.href(`/admin/users/${userId}`)}">${foreign(name)}</a>
${you && pill(architect.you, "good")}<p><code>${userId}</code></p></div>
${
  !you &&
  formOf(visit, { name: "dismiss", hidden: { userId }, submit: architect.dismiss, look: "quiet" })
}
</li>`;
}
