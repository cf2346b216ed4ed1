import type { UserView } from "../../users/user-view.ts";
import { calledOf } from "../called.ts";
import { formOf } from "../form-parts.ts";
import { type Html, html } from "../html.ts";
import { inUtc } from "../in-utc.ts";
import { fill } from "../message.ts";
import type { Done, Form } from "../page.ts";
import { pill } from "../pieces.ts";
import { roleBoxes } from "../role-boxes.ts";
import { grantableRoles, tickedRoles } from "../roles-here.ts";
import { may, type Visit } from "../visit.ts";

/** What may be done about one person, as far as the reader's roles and the person allow. */
export function standingSections(visit: Visit, user: UserView): ReadonlyArray<Html | undefined> {
  const isSelf = visit.person?.user.id === user.id;
  const isArchitect = user.roles.includes("architect");
  return [
    isSelf ? undefined : helpSection(visit, user),
    ...(isSelf || isArchitect ? [] : [blockSection(visit, user), eraseSection(visit, user)]),
  ];
}

/** What the person may; boxes to tick where the reader may change it. */
export async function roleSection(visit: Visit, user: UserView): Promise<Html> {
  const { texts } = visit;
  const { admin, user: words } = texts;
  const isSelf = visit.person?.user.id === user.id;
  const isArchitect = user.roles.includes("architect");
  if (isSelf || isArchitect || user.guest) {
    const why = isArchitect ? words.architect : isSelf ? words.ownRoles : undefined;
    return html`<section><h2>${admin.roles}</h2><p class="pills">${user.roles.map((role) =>
      pill(role),
    )}</p>
${why && html`<p class="quiet">${why}</p>`}</section>`;
  }
  const grantable = await grantableRoles(visit);
  const held = user.roles.filter((role) => grantable.every(({ name }) => name !== role));
  const offered = [...grantable, ...held.map((name) => ({ name, description: "", builtIn: true }))];
  const boxes = roleBoxes(visit, "roles", { roles: offered, held: user.roles });
  return html`<section><h2>${admin.roles}</h2>${formOf(visit, {
    name: "roles",
    extra: html`<fieldset aria-label="${admin.roles}"><div class="checks">${boxes}</div>
    </fieldset>`,
    submit: words.save,
  })}</section>`;
}

function helpSection(visit: Visit, user: UserView): Html | undefined {
  const { user: words, architect } = visit.texts;
  const appoints = may(visit, "architect") && !user.guest && !user.roles.includes("architect");
  const mails = typeof user.email === "string";
  const acts = user.status === "active";
  if (!mails && !acts && !appoints) return undefined;
  return html`<section><h2>${words.help}</h2>
${mails && formOf(visit, { name: "password-mail", submit: words.passwordMail, look: "quiet" })}
${
  acts &&
  html`<div><p class="hint">${words.impersonateText}
</p>${formOf(visit, { name: "impersonate", submit: words.impersonate, look: "quiet" })}</div>`
}
${
  appoints &&
  html`<p><a href="${visit.href("/admin/architects", { userId: user.id })}#appoint-userId">${
    architect.appoint
  }</a></p>`
}
</section>`;
}

function blockSection(visit: Visit, user: UserView): Html {
  const { user: words } = visit.texts;
  if (user.status === "blocked") {
    return html`<section><h2>${words.unblock}</h2><p>${words.unblockText}</p>
${formOf(visit, { name: "unblock", submit: words.unblock })}</section>`;
  }
  return html`<section><h2>${words.block}</h2><p class="hint">${words.blockText}</p>
${formOf(visit, {
  name: "block",
  fields: [
    { name: "reason", label: words.reason, optional: true },
    {
      name: "until",
      label: words.until,
      hint: words.untilHint,
      type: "datetime-local",
      optional: true,
    },
  ],
  submit: words.block,
  look: "danger",
})}</section>`;
}

function eraseSection(visit: Visit, user: UserView): Html | undefined {
  if (!may(visit, "architect")) return undefined;
  const { user: words } = visit.texts;
  return html`<section><h2>${words.erase}</h2><p class="hint">${words.eraseText}</p>
${formOf(visit, {
  name: "erase",
  hidden: { expected: wordOf(user) },
  fields: [
    {
      name: "confirm",
      label: fill(words.eraseConfirm, { word: wordOf(user) }),
      autocomplete: "off",
      code: true,
    },
  ],
  submit: words.eraseSubmit,
  look: "danger",
})}</section>`;
}

/** What has to be typed to erase somebody: what they are called on the page. */
function wordOf(user: UserView): string {
  return typeof user.email === "string" ? user.email : calledOf(user);
}

const ofUser = (visit: Visit) => ({ params: { id: visit.params["id"] ?? "" } });
const back =
  (done: string) =>
  ({ visit }: Done) =>
    visit.href(visit.path, { done });

const simple = (route: Form["route"], done: string): Form => ({
  route,
  input: (_fields, visit) => ofUser(visit),
  next: back(done),
});

/** Every form of the page of one person. */
export const userForms: Readonly<Record<string, Form>> = {
  roles: {
    route: "PUT /v1/users/:id/roles",
    input: (fields, visit) => ({ ...ofUser(visit), body: { roles: tickedRoles(fields) } }),
    next: back("roles"),
  },
  block: {
    route: "POST /v1/users/:id/block",
    input: ({ reason, until }, visit) => ({
      ...ofUser(visit),
      body: { reason, ...(until === undefined ? {} : { until: inUtc(until) }) },
    }),
    next: back("blocked"),
  },
  unblock: simple("POST /v1/users/:id/unblock", "unblocked"),
  "password-mail": simple("POST /v1/users/:id/password-mail", "passwordMail"),
  "end-sessions": simple("DELETE /v1/users/:id/sessions", "sessionsEnded"),
  "end-session": {
    route: "DELETE /v1/users/:id/sessions/:sessionId",
    input: ({ sessionId = "" }, visit) => ({
      params: { id: visit.params["id"] ?? "", sessionId },
    }),
    next: back("sessionEnded"),
  },
  impersonate: {
    route: "POST /v1/users/:id/impersonate",
    input: (_fields, visit) => ({ ...ofUser(visit), body: {} }),
    next: ({ visit }) => visit.href("/account"),
  },
  erase: {
    route: "DELETE /v1/users/:id",
    refuse: ({ confirm, expected }) =>
      confirm?.trim().toLowerCase() === expected?.toLowerCase()
        ? undefined
        : { status: 400, code: "confirm_mismatch", field: "confirm" },
    input: (_fields, visit) => ofUser(visit),
    next: back("userErased"),
  },
};
