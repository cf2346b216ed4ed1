import type { ProtocolPage } from "../../../adapters/ports/openid-host.ts";
import { html } from "../html.ts";
import type { Shown } from "../page.ts";
import type { Visit } from "../visit.ts";

type OnwardPage = Extract<ProtocolPage, { readonly kind: "onward" }>;

/** Seen for a moment, or for longer where a browser does not go on by itself. */
export function onward(visit: Visit, { to }: OnwardPage): Shown {
  const { protocol, device } = visit.texts;
  return {
    title: protocol.onward,
    frame: "door",
    body: html`
      <h1>${protocol.onward}</h1>
      <p class="actions"><a class="button quiet" href="${to}">${device.submit}</a></p>`,
  };
}
