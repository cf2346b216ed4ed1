import type { ProtocolPage } from "../../../adapters/ports/openid-host.ts";
import { html } from "../html.ts";
import type { Shown } from "../page.ts";
import type { Visit } from "../visit.ts";

type ErrorPage = Extract<ProtocolPage, { readonly kind: "error" }>;

/** What is said when there is nowhere safe to send the browser to. */
export function protocolError(
  visit: Visit,
  { error, status }: ErrorPage,
  requestId: string,
): Shown {
  const { protocol, problem } = visit.texts;
  const words: Readonly<Record<string, string>> = protocol.errors;
  return {
    title: protocol.errorTitle,
    frame: "door",
    status,
    body: html`
      <h1>${protocol.errorTitle}</h1>
      <p>${words[error] ?? (status >= 500 ? protocol.later : protocol.back)}</p>
      <p class="actions"><a class="button" href="${visit.href("/")}">${problem.home}</a></p>
      <p class="quiet"><code>${error}</code> · ${problem.request} <code>${requestId}</code></p>`,
  };
}
