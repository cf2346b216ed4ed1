import type { ClientView } from "../../clients/client-view.ts";
import { formOf } from "../form-parts.ts";
import { type Html, html } from "../html.ts";
import { fill, isolated } from "../message.ts";
import type { Visit } from "../visit.ts";

/** Off and on again. */
export function switchSection(visit: Visit, { status }: ClientView): Html {
  const { clients: words } = visit.texts;
  if (status === "disabled") {
    return html`<section><h2>${words.enable}</h2><p class="hint">${words.enableText}</p>
${formOf(visit, { name: "enable", submit: words.enable })}</section>`;
  }
  return html`<section><h2>${words.disable}</h2><p class="hint">${words.disableText}</p>
${formOf(visit, { name: "disable", submit: words.disable, look: "danger" })}</section>`;
}

/** For good; its name is typed to say that it is meant. */
export function removeSection(visit: Visit, { name }: ClientView): Html {
  const { clients: words, user } = visit.texts;
  return html`<section><h2>${words.remove}</h2><p class="hint">${words.removeText}</p>
${formOf(visit, {
  name: "remove",
  hidden: { expected: name },
  fields: [
    {
      name: "confirm",
      label: fill(user.eraseConfirm, { word: isolated(name) }),
      autocomplete: "off",
      code: true,
    },
  ],
  submit: words.removeSubmit,
  look: "danger",
})}</section>`;
}
