import type { ClientView } from "../../clients/client-view.ts";
import { formOf } from "../form-parts.ts";
import { type Html, html } from "../html.ts";
import { fill } from "../message.ts";
import { pill, writtenMoment } from "../pieces.ts";
import type { Visit } from "../visit.ts";

/** Redirect URIs of deployments that are tried out, each with its end. */
export function previewSection(visit: Visit, client: ClientView): Html | undefined {
  const { clients: words, invitations } = visit.texts;
  const { previewRedirectUris: previews, grantTypes } = client;
  if (!grantTypes.includes("authorization_code")) return undefined;
  const rows = previews.map(({ uri, expiresAt }) => {
    const isOver = Date.parse(expiresAt) <= Date.now();
    const until = fill(invitations.until, { time: writtenMoment(visit, expiresAt) });
    return html`<li><div class="what"><code>${uri}</code><p>${until}</p></div>
${isOver && html`<p class="pills">${pill(words.over, "bad")}</p>`}${formOf(visit, {
  name: "remove-preview",
  hidden: { uri },
  submit: words.take,
  look: "quiet",
})}</li>`;
  });
  return html`<section><h2>${words.previews}</h2><p class="hint">${words.previewsText}</p>
${formOf(visit, {
  name: "add-preview",
  fields: [
    { name: "uri", label: words.previewUri, type: "url", autocomplete: "off", code: true },
    { name: "until", label: words.previewUntil, type: "datetime-local" },
  ],
  submit: words.add,
  look: "quiet",
})}
${rows.length > 0 && html`<ul class="rows">${rows}</ul>`}</section>`;
}
