import { attributes, type Html, html } from "./html.ts";
import type { Shown } from "./page.ts";
import { may, type Visit } from "./visit.ts";

type Entry = {
  readonly path: string;
  readonly label: string;
  /** What is there, in a sentence. */
  readonly text?: string;
  readonly roles?: ReadonlyArray<string>;
};

/** The ways out of a page: beside it on a wide screen, one step back on a narrow one. */
export function navigationOf(
  visit: Visit,
  { frame, parent, title }: Shown,
): { readonly side: Html; readonly back: Html | undefined } {
  const { texts, path } = visit;
  const entries = frame === "admin" ? adminEntries(visit) : accountEntries(visit);
  const current = entries.findLast(
    (entry) => path === entry.path || path.startsWith(`${entry.path}/`),
  );
  const items = entries.map((entry) => {
    const here = entry === current && (entry.path === path ? "page" : "true");
    return html`<li>
    <a href="${visit.href(entry.path)}"${attributes({ "aria-current": here })}>${entry.label}</a>
    </li>`;
  });
  const label = frame === "admin" ? texts.admin.title : texts.account.title;
  const back =
    parent === undefined || parent.label === title
      ? undefined
      : html`<a class="back" href="${visit.href(parent.path)}">${parent.label}</a>`;
  return { side: html`<nav class="side" aria-label="${label}"><ul>${items}</ul></nav>`, back };
}

/** Pages of one's own account that this server has. */
export function accountEntries({ texts, person }: Visit): ReadonlyArray<Entry> {
  const { account, accounts, consents } = texts;
  const all: ReadonlyArray<Entry> = [
    { path: "/account", label: account.overview },
    { path: "/account/profile", label: account.profile },
    { path: "/account/email", label: account.email },
    { path: "/account/username", label: account.username },
    { path: "/account/password", label: account.password },
    { path: "/account/accounts", label: accounts.title },
    { path: "/account/sessions", label: account.sessions },
    { path: "/account/consents", label: consents.title },
    { path: "/account/history", label: account.history },
    { path: "/account/export", label: account.export },
    { path: "/account/delete", label: account.delete },
  ];
  const guest = person?.user.guest === true;
  // Nobody does these in the name of another.
  const own = ["email", "username", "password", "accounts", "export", "delete"].map(
    (each) => `/account/${each}`,
  );
  const acted = person?.session.impersonator !== undefined;
  const forGuests = ["/account", "/account/profile", "/account/history", "/account/delete"];
  return all.filter(
    ({ path }) => (!guest || forGuests.includes(path)) && (!acted || !own.includes(path)),
  );
}

/** Pages of the administration that this person's roles open. */
export function adminEntries(visit: Visit): ReadonlyArray<Entry> {
  const { admin, apis, architect, clients, guests, invitations, keys, ledger } = visit.texts;
  const { mail, provider, role, users } = visit.texts;
  const readers = ["admin", "architect", "auditor"];
  const all: ReadonlyArray<Entry> = [
    { path: "/admin/users", label: admin.users, text: users.text, roles: readers },
    {
      path: "/admin/invitations",
      label: admin.invitations,
      text: invitations.text,
      roles: ["admin", "architect"],
    },
    {
      path: "/admin/roles",
      label: admin.roles,
      text: role.text,
      roles: readers,
    },
    {
      path: "/admin/architects",
      label: admin.architects,
      text: architect.text,
      roles: ["architect"],
    },
    {
      path: "/admin/guests",
      label: admin.guests,
      text: guests.text,
      roles: ["architect"],
    },
    {
      path: "/admin/mail",
      label: admin.mail,
      text: mail.text,
      roles: ["admin", "architect"],
    },
    {
      path: "/admin/clients",
      label: admin.clients,
      text: clients.text,
      roles: ["admin", "architect"],
    },
    {
      path: "/admin/resource-servers",
      label: admin.apis,
      text: apis.text,
      roles: ["admin", "architect"],
    },
    {
      path: "/admin/providers",
      label: admin.providers,
      text: provider.text,
      roles: ["architect"],
    },
    {
      path: "/admin/keys",
      label: admin.keys,
      text: keys.text,
      roles: ["architect", "auditor"],
    },
    {
      path: "/admin/ledger",
      label: admin.ledger,
      text: ledger.text,
      roles: ["auditor", "architect"],
    },
  ];
  return all.filter(({ roles = [] }) => may(visit, ...roles));
}
