import { SECRETS_MAX } from "../../../domain/client/mod.ts";
import type { ClientView } from "../../clients/client-view.ts";
import { formOf } from "../form-parts.ts";
import { type Html, html } from "../html.ts";
import { fill, filled, isolated } from "../message.ts";
import type { Shown } from "../page.ts";
import { facts, writtenMoment } from "../pieces.ts";
import type { Visit } from "../visit.ts";

type New = {
  /** With a place for the name. */
  readonly title: string;
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
};

/** A secret that nobody can be shown again: the answer to the form that made it, and no address. */
export function secretShown(visit: Visit, { title, name, clientId, clientSecret }: New): Shown {
  const { admin, clients: words } = visit.texts;
  const path = `/admin/clients/${clientId}`;
  return {
    title: fill(title, { name: isolated(name) }),
    frame: "admin",
    parent: { path: "/admin/clients", label: admin.clients },
    body: html`
      <h1>${filled(title, { name })}</h1>
      <p class="aside" role="status">${words.copy}</p>
      <section>${facts([
        [words.id, html`<code class="copy">${clientId}</code>`],
        [words.secret, html`<code class="copy">${clientSecret}</code>`],
      ])}</section>
      <p class="actions"><a class="button" href="${visit.href(path)}">${words.copied}</a></p>`,
  };
}

/** The secrets that are good, without themselves, and what may be done about them. */
export function secretsSection(visit: Visit, client: ClientView, mayIssue: boolean): Html {
  const { clients: words } = visit.texts;
  const { secrets } = client;
  const rows = secrets.map(
    ({ id, issuedAt }) =>
      html`<li><div class="what"><strong>${fill(words.issued, {
        time: writtenMoment(visit, issuedAt),
      })}</strong><p><code>${id.slice(0, 8)}</code></p></div>${formOf(visit, {
        name: "revoke-secret",
        hidden: { secretId: id },
        submit: words.revoke,
        look: "quiet",
      })}</li>`,
  );
  return html`<section><h2>${words.secrets}</h2><p class="hint">${words.secretsText}</p>
${
  mayIssue &&
  secrets.length < SECRETS_MAX &&
  formOf(visit, {
    name: "issue-secret",
    hidden: { name: client.name },
    once: true,
    submit: words.issue,
    look: "quiet",
  })
}
${secrets.length > 0 && html`<ul class="rows">${rows}</ul>`}</section>`;
}
