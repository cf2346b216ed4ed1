import type { ProtocolPage } from "../../../adapters/ports/openid-host.ts";
import { attributes, html } from "../html.ts";
import { fill, filled, isolated } from "../message.ts";
import type { Shown } from "../page.ts";
import type { Visit } from "../visit.ts";

type CodePage = Extract<ProtocolPage, { readonly kind: "device-code" }>;
type ConfirmPage = Extract<ProtocolPage, { readonly kind: "device-confirm" }>;
type DonePage = Extract<ProtocolPage, { readonly kind: "device-done" }>;

/** Where somebody types the code that a device shows them. Source: RFC 8628, section 3.3. */
export function deviceCode(visit: Visit, page: CodePage): Shown {
  const { action, xsrf, userCode = "", problem } = page;
  const { device, problem: words } = visit.texts;
  const wrong = attributes(
    problem === undefined ? {} : { "aria-invalid": "true", "aria-describedby": "user_code-error" },
  );
  return {
    title: problem === undefined ? device.title : `${words.prefix}: ${device.title}`,
    frame: "door",
    body: html`
      <h1>${device.title}</h1>
      ${
        problem !== undefined &&
        html`<div class="summary" role="alert">
        <p id="user_code-error">${device.problems[problem]}</p></div>`
      }
      <p>${device.text}</p>
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${xsrf}">
        <div class="field"><label for="user_code">${device.code}</label>
        <input id="user_code" name="user_code" class="device" value="${userCode}" autofocus
        autocomplete="off" autocapitalize="characters" spellcheck="false" required${wrong}></div>
        <p class="actions"><button type="submit">${device.submit}</button></p>
      </form>`,
  };
}

/** Whoever is talked into typing a stranger's code sees here what it would do. */
export function deviceConfirm(visit: Visit, page: ConfirmPage): Shown {
  const { action, xsrf, userCode, clientName } = page;
  const { device } = visit.texts;
  return {
    title: fill(device.confirmTitle, { name: isolated(clientName) }),
    frame: "door",
    body: html`
      <h1>${filled(device.confirmTitle, { name: clientName })}</h1>
      <p>${device.confirm}</p>
      <p class="device"><code>${userCode}</code></p>
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${xsrf}">
        <input type="hidden" name="user_code" value="${userCode}">
        <p class="actions choice">
        <button type="submit" name="confirm" value="yes">${device.yes}</button>
        <button class="quiet" type="submit" name="abort" value="yes">${device.no}</button></p>
      </form>`,
  };
}

export function deviceDone(visit: Visit, { clientName }: DonePage): Shown {
  const { device } = visit.texts;
  return {
    title: device.doneTitle,
    frame: "door",
    body: html`
      <h1>${device.doneTitle}</h1>
      <p>${filled(device.done, { name: clientName })}</p>`,
  };
}
