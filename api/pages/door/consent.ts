import type { InteractionView } from "../../interactions/get-interaction.ts";
import { calledOf } from "../called.ts";
import { formOf, summaryOf } from "../form-parts.ts";
import { foreign, type Html, html } from "../html.ts";
import { fill, filled, isolated } from "../message.ts";
import type { Page, Shown } from "../page.ts";
import type { Visit } from "../visit.ts";
import { withoutScheme } from "../without-scheme.ts";

/** Whether an application may know and do what it asks for. */
export const consentPage: Page = {
  path: "/consent",
  gate: "session",
  show: async (visit) => {
    const { interaction: id = "" } = visit.query;
    const told = await visit.ask<InteractionView>("GET /v1/interactions/:id", { params: { id } });
    if (!told.ok || told.body.prompt !== "consent") return over(visit);
    const { client, leadsTo } = told.body;
    const { consent } = visit.texts;
    const { name } = client;
    // No logo: an image of the application's would tell its maker who looks, before they said yes.
    const query = { interaction: id };
    const again = { hidden: { id }, query };
    return {
      title: fill(consent.title, { name: isolated(name) }),
      frame: "door",
      body: html`
        <h1>${filled(consent.title, { name })}</h1>
        ${summaryOf(visit)}
        <p class="quiet">${consent.as} ${visit.person && foreign(calledOf(visit.person.user))}</p>
        ${askedOf(visit, told.body)}
        ${leadsTo !== undefined && html`<p>${filled(consent.leads, { place: leadsTo })}</p>`}
        ${termsOf(visit, client)}
        ${formOf(visit, {
          name: "allow",
          submit: consent.allow,
          also: html`<button class="quiet" type="submit" name="form" value="deny">${consent.deny}
          </button>`,
          choice: true,
          ...again,
        })}
        <p class="quiet">${consent.later}</p>
        ${policyOf(visit, client)}`,
    };
  },
  forms: {
    allow: decision(true),
    deny: decision(false),
  },
};

function decision(allow: boolean) {
  return {
    route: "POST /v1/interactions/:id",
    input: ({ id = "" }: Readonly<Record<string, string>>) => ({ params: { id }, body: { allow } }),
    next: ({ body }: { readonly body: unknown }) =>
      (body as { readonly redirectTo: string }).redirectTo,
  } as const;
}

function askedOf({ texts }: Visit, { scopes, resources }: InteractionView): Html {
  const { consent } = texts;
  const words: Readonly<Record<string, string>> = consent.scopes;
  const known = scopes.filter((scope) => scope !== "openid" || scopes.length === 1);
  const done = resources.filter((resource) => resource.scopes.length > 0);
  if (known.length === 0 && done.length === 0) return html`<p>${consent.nothing}</p>`;
  return html`
${
  known.length > 0 &&
  html`<h2>${consent.know}</h2><ul class="marked">${known.map(
    (scope) => html`<li>${words[scope] ?? scope}</li>`,
  )}</ul>`
}
${done.map(
  (resource) => html`<h2>${filled(consent.act, { name: resource.name })}</h2>
<ul class="marked">${resource.scopes.map(
    ({ description }) => html`<li>${foreign(description)}</li>`,
  )}</ul>`,
)}`;
}

/** What is accepted together with the consent, and is on record with it. */
function termsOf({ texts }: Visit, { tosUri }: InteractionView["client"]) {
  if (tosUri === undefined) return undefined;
  return html`<p>${texts.consent.accepts} <a href="${tosUri}" rel="noreferrer">${foreign(
    withoutScheme(tosUri),
  )}</a></p>`;
}

function policyOf({ texts }: Visit, { policyUri }: InteractionView["client"]) {
  if (policyUri === undefined) return undefined;
  return html`<p class="links"><a href="${policyUri}" rel="noreferrer">${texts.consent.policy}</a>
</p>`;
}

function over({ texts }: Visit): Shown {
  const { consent } = texts;
  return {
    title: consent.over,
    frame: "door",
    status: 404,
    body: html`<h1>${consent.over}</h1><p>${consent.overText}</p>`,
  };
}
