import type { ProtocolPage } from "../../../adapters/ports/openid-host.ts";
import { html } from "../html.ts";
import type { Shown } from "../page.ts";
import type { Visit } from "../visit.ts";

type LogoutPage = Extract<ProtocolPage, { readonly kind: "logout" }>;

/** An application asks to sign the person out: they say whether. */
export function logout(visit: Visit, { action, xsrf, leadsTo }: LogoutPage): Shown {
  const { protocol, signOut } = visit.texts;
  return {
    title: signOut.title,
    frame: "door",
    ...(leadsTo === undefined ? {} : { leadsTo: [leadsTo] }),
    body: html`
      <h1>${signOut.title}</h1>
      <p>${protocol.logout}</p>
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${xsrf}">
        <p class="actions"><button type="submit" name="logout" value="yes">${signOut.action}
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
