import type { ProtocolPage } from "../../../adapters/ports/openid-host.ts";
import { foreign, html } from "../html.ts";
import { fill } from "../message.ts";
import type { Shown } from "../page.ts";
import type { Visit } from "../visit.ts";

type KeptOutPage = Extract<ProtocolPage, { readonly kind: "kept-out" }>;

/** The application is open to some people only: whoever is not among them reads so here. */
export function keptOut(visit: Visit, { clientName, leadsTo }: KeptOutPage): Shown {
  const { protocol } = visit.texts;
  const title = fill(protocol.keptOutTitle, { name: clientName });
  return {
    title,
    frame: "door",
    status: 403,
    body: html`
      <h1>${foreign(title)}</h1>
      <p>${protocol.keptOut}</p>
      <p class="actions"><a class="button" href="${leadsTo}">${protocol.keptOutBack}</a></p>`,
  };
}
