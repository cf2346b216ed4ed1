import type { ProtocolPage } from "../../../adapters/ports/openid-host.ts";
import { placeOf } from "../../interactions/get-interaction.ts";
import { html } from "../html.ts";
import { filled } from "../message.ts";
import type { Shown } from "../page.ts";
import type { Visit } from "../visit.ts";

type LogoutPage = Extract<ProtocolPage, { readonly kind: "logout" }>;

/** An application asks to sign the person out: they say whether. */
export function logout(visit: Visit, { action, xsrf, leadsTo, clientName }: LogoutPage): Shown {
  const { consent, protocol, signOut } = visit.texts;
  const place = leadsTo === undefined ? undefined : placeOf(leadsTo);
  return {
    title: signOut.title,
    frame: "door",
    ...(leadsTo === undefined ? {} : { leadsTo: [leadsTo] }),
    body: html`
      <h1>${signOut.title}</h1>
      <p>${
        clientName === undefined
          ? protocol.logoutAsked
          : filled(protocol.logoutBy, { name: clientName })
      } ${protocol.logout}</p>
      ${place !== undefined && html`<p class="quiet">${filled(consent.leads, { place })}</p>`}
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${xsrf}">
        <p class="actions choice"><button type="submit" name="logout" value="yes">${signOut.action}
        </button> <button class="quiet" type="submit">${signOut.stay}</button></p>
      </form>`,
  };
}

export function loggedOut(visit: Visit): Shown {
  const { account, protocol, signIn } = visit.texts;
  const isIn = visit.person !== undefined;
  const title = isIn ? protocol.stayedTitle : protocol.loggedOutTitle;
  const [path, label] = isIn ? ["/account", account.title] : ["/sign-in", signIn.submit];
  return {
    title,
    frame: "door",
    body: html`
      <h1>${title}</h1>
      <p>${isIn ? protocol.stayed : protocol.loggedOut}</p>
      <p class="actions"><a class="button quiet" href="${visit.href(path)}">${label}</a></p>`,
  };
}
