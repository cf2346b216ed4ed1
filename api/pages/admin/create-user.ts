import type { UserView } from "../../users/user-view.ts";
import { checkbox, formOf, summaryOf } from "../form-parts.ts";
import { html } from "../html.ts";
import type { Page } from "../page.ts";
import { roleBoxes } from "../role-boxes.ts";
import { grantableRoles, tickedRoles } from "../roles-here.ts";
import { may } from "../visit.ts";

/** An account for somebody else; they choose their own password. */
export const createUserPage: Page = {
  path: "/admin/users/new",
  gate: ["admin", "architect"],
  show: async (visit) => {
    const { texts } = visit;
    const { admin, users, create, signUp, account } = texts;
    const roles = await grantableRoles(visit);
    const boxes = roleBoxes(visit, "create", { roles, held: ["user"] });
    return {
      title: users.create,
      frame: "admin",
      parent: { path: "/admin/users", label: admin.users },
      body: html`
        <h1>${users.create}</h1>
        <p class="lead">${create.text}</p>
        ${summaryOf(visit)}
        <section>${formOf(visit, {
          name: "create",
          fields: [
            { name: "name", label: signUp.name, autocomplete: "off", optional: true },
            {
              name: "email",
              label: signUp.email,
              type: "email",
              autocomplete: "off",
              optional: true,
            },
            { name: "username", label: account.username, autocomplete: "off", optional: true },
          ],
          extra: html`<fieldset><legend>${admin.roles}</legend><div class="checks">${boxes}</div>
          </fieldset>
<fieldset><legend>${create.options}</legend>${
            may(visit, "architect") &&
            checkbox(visit, "create", {
              name: "emailVerified",
              label: create.verified,
              checked: false,
            })
          }
${checkbox(visit, "create", { name: "invite", label: create.invite, checked: false })}
</fieldset>`,
          submit: users.create,
        })}</section>`,
    };
  },
  forms: {
    create: {
      route: "POST /v1/users",
      beside: { email_taken: "email", username_taken: "username" },
      refuse: ({ email, username, emailVerified, invite }) => {
        if (email !== undefined) return undefined;
        const mails = invite !== undefined || emailVerified !== undefined;
        if (username !== undefined && !mails) return undefined;
        const code = username === undefined ? "nameless" : "unmailable";
        return { status: 400, code, field: "email" };
      },
      input: ({ name, email, username, emailVerified, invite, ...rest }) => {
        const roles = tickedRoles(rest);
        return {
          body: {
            name,
            email,
            username,
            ...(roles.length === 0 ? {} : { roles }),
            ...(emailVerified === undefined ? {} : { emailVerified: true }),
            ...(invite === undefined ? {} : { invite: true }),
          },
        };
      },
      next: ({ visit, body }) => {
        const { user } = body as { readonly user: UserView };
        return visit.href(`/admin/users/${user.id}`, { done: "created" });
      },
    },
  },
};
