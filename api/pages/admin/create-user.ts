import type { UserView } from "../../users/user-view.ts";
import { checkbox, formOf, summaryOf } from "../form-parts.ts";
import { html } from "../html.ts";
import type { Page } from "../page.ts";
import { grantableRoles, tickedRoles } from "../roles-here.ts";
import { may } from "../visit.ts";

/** An account for somebody else; they choose their own password. */
export const createUserPage: Page = {
  path: "/admin/users/new",
  gate: ["admin", "architect"],
  needs: ["POST /v1/users"],
  show: async (visit) => {
    const { texts } = visit;
    const { admin, users, create, signUp, account } = texts;
    const roles = await grantableRoles(visit);
    const boxes = roles.map(({ name }) =>
      checkbox(visit, "create", { name: `role.${name}`, label: name, checked: name === "user" }),
    );
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
${
  may(visit, "architect") &&
  checkbox(visit, "create", { name: "emailVerified", label: create.verified, checked: false })
}
${checkbox(visit, "create", { name: "invite", label: create.invite, checked: false })}`,
          submit: users.create,
        })}</section>`,
    };
  },
  forms: {
    create: {
      route: "POST /v1/users",
      beside: { email_taken: "email", username_taken: "username" },
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
