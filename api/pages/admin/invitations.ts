import { mailIsHere } from "../door/doors.ts";
import { checkbox, formOf, summaryOf } from "../form-parts.ts";
import { foreign, html } from "../html.ts";
import { fill } from "../message.ts";
import type { Page } from "../page.ts";
import { type PageOf, pager, pill, writtenMoment } from "../pieces.ts";
import { grantableRoles, tickedRoles } from "../roles-here.ts";
import { read, type Visit } from "../visit.ts";

/** As `GET /v1/invitations` has them. */
type Invitation = {
  readonly id: string;
  readonly email?: string;
  readonly roles: ReadonlyArray<string>;
  readonly status: "open" | "accepted" | "withdrawn" | "lapsed";
  readonly expiresAt: string;
};

/** Who was asked to make an account, and a form to ask somebody. */
export const invitationsPage: Page = {
  path: "/admin/invitations",
  gate: ["admin", "architect"],
  show: async (visit) => {
    const { admin, invitations: words, signUp, sent } = visit.texts;
    const { cursor } = visit.query;
    const page = await read<PageOf<Invitation>>(visit, "GET /v1/invitations", {
      query: { cursor, status: "open" },
    });
    // What has just expired is no longer open, though it is not written down yet.
    const open = page.items.filter(({ status }) => status === "open");
    const boxes = (await grantableRoles(visit)).map(({ name }) =>
      checkbox(visit, "invite", { name: `role.${name}`, label: name, checked: name === "user" }),
    );
    return {
      title: admin.invitations,
      frame: "admin",
      parent: { path: "/admin", label: admin.title },
      body: html`
        <h1>${admin.invitations}</h1>
        <p class="lead">${words.text}</p>
        ${summaryOf(visit)}
        ${
          open.length === 0
            ? html`<p class="empty">${words.none}</p>`
            : html`<ul class="rows">${open.map((invitation) => row(visit, invitation))}</ul>`
        }
        ${pager(visit, {
          first: cursor === undefined ? undefined : visit.href("/admin/invitations"),
          next: page.nextCursor && visit.href("/admin/invitations", { cursor: page.nextCursor }),
        })}
        <section>
          <h2>${words.invite}</h2>
          ${formOf(visit, {
            name: "invite",
            fields: [{ name: "email", label: signUp.email, type: "email", autocomplete: "off" }],
            extra: html`<fieldset><legend>${admin.roles}</legend>
<div class="checks">${boxes}</div></fieldset>`,
            submit: words.submit,
          })}
        </section>
        ${
          mailIsHere(visit) &&
          html`<p class="quiet">${sent.dev} <a href="/dev/mail">/dev/mail</a></p>`
        }`,
    };
  },
  forms: {
    invite: {
      route: "POST /v1/invitations",
      beside: { email_taken: "email" },
      input: ({ email, ...rest }) => ({ body: { email, roles: tickedRoles(rest) } }),
      next: ({ visit }) => visit.href("/admin/invitations", { done: "invited" }),
    },
    withdraw: {
      route: "DELETE /v1/invitations/:id",
      input: ({ id = "" }) => ({ params: { id } }),
      next: ({ visit }) => visit.href("/admin/invitations", { done: "withdrawn" }),
    },
  },
};

function row(visit: Visit, { id, email, roles, expiresAt }: Invitation) {
  const { invitations: words } = visit.texts;
  const until = fill(words.until, { time: writtenMoment(visit, expiresAt) });
  return html`<li><div class="what"><strong>${foreign(email ?? id.slice(0, 8))}</strong>
<p>${until}</p></div><p class="pills">${roles.map((role) => pill(role))}</p>
${formOf(visit, { name: "withdraw", hidden: { id }, submit: words.withdraw, look: "quiet" })}</li>`;
}
