import type { Personal } from "../../users/user-view.ts";
import { calledOf } from "../called.ts";
import { foreign, type Hole, type Html, html } from "../html.ts";
import { fill } from "../message.ts";
import { accountEntries } from "../navigation.ts";
import type { Page } from "../page.ts";
import { pill } from "../pieces.ts";
import type { Visit } from "../visit.ts";

/** Everything about oneself at a glance, each line leading to where it is changed. */
export const accountPage: Page = {
  path: "/account",
  gate: "session",
  show: async (visit) => {
    const { texts, person } = visit;
    const { account } = texts;
    if (person === undefined) return { to: visit.href("/sign-in") };
    const { user } = person;
    const title = user.guest
      ? account.guestTitle
      : fill(account.greeting, { name: calledOf(user) });
    return {
      title: account.title,
      frame: "account",
      body: html`
        <h1>${title}</h1>
        ${user.guest && guestCard(visit)}
        ${await unverified(visit)}
        <ul class="rows">${accountEntries(visit)
          .slice(1)
          .map(({ path, label }) => row(visit, path, label))}</ul>`,
    };
  },
};

function row(visit: Visit, path: string, label: string): Html {
  const value = factOf(visit, path);
  return html`<li><div class="what"><a class="whole" href="${visit.href(path)}">${label}</a>
${value !== undefined && html`<p>${value}</p>`}</div></li>`;
}

function factOf({ person, texts }: Visit, path: string): Hole {
  const user = person?.user;
  if (user === undefined) return undefined;
  const { account } = texts;
  const username = "username" in user ? (user.username as Personal | undefined) : undefined;
  switch (path) {
    case "/account/profile":
      return typeof user.name === "string" ? foreign(user.name) : account.noName;
    case "/account/email":
      return typeof user.email === "string"
        ? html`${foreign(user.email)}
        ${user.emailVerified ? pill(account.verified, "good") : pill(account.unverified)}`
        : account.noEmail;
    case "/account/username":
      return typeof username === "string" ? foreign(username) : account.noUsername;
    case "/account/password":
      return user.methods.includes("password") ? account.hasPassword : account.noPassword;
    case "/account/accounts":
      return texts.accounts.text;
    case "/account/sessions":
      return account.sessionsText;
    case "/account/consents":
      return texts.consents.facts;
    case "/account/history":
      return account.historyText;
    case "/account/export":
      return account.exportText;
    case "/account/delete":
      return account.deleteText;
    default:
      return undefined;
  }
}

function guestCard(visit: Visit): Html {
  const { account } = visit.texts;
  return html`<section><h2>${account.keep}</h2><p>${account.keepText}</p>
<p class="actions"><a class="button" href="${visit.href("/sign-up")}">${account.keepAction}</a></p>
</section>`;
}

/** An address that nobody has proved yet is worth a line above all others. */
async function unverified(visit: Visit): Promise<Html | undefined> {
  const { person, texts } = visit;
  const user = person?.user;
  if (user === undefined || user.guest || user.emailVerified) return undefined;
  if (typeof user.email !== "string") return undefined;
  return html`<p class="aside">${texts.account.proveText} <a
  href="${visit.href("/account/email")}">${texts.account.prove}</a></p>`;
}
