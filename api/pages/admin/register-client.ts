import { CLIENT_TYPES } from "../../../domain/client/mod.ts";
import { formOf, summaryOf } from "../form-parts.ts";
import { html } from "../html.ts";
import type { Done, Page } from "../page.ts";
import { linesOf } from "./client-fields.ts";
import { secretShown } from "./client-secrets.ts";

const FORM = "register";

type Registered = { readonly clientId: string; readonly clientSecret?: string };

/** A new application; where it keeps a secret, the answer shows it. */
export const registerClientPage: Page = {
  path: "/admin/clients/new",
  gate: ["admin", "architect"],
  show: async (visit) => {
    const { admin, clients: words } = visit.texts;
    const choices = CLIENT_TYPES.map((type) => [type, words.types[type]] as const);
    const lines = { rows: 3, optional: "unsaid", code: true } as const;
    return {
      title: words.register,
      frame: "admin",
      parent: { path: "/admin/clients", label: admin.clients },
      body: html`
        <h1>${words.register}</h1>
        <p class="lead">${words.registerText}</p>
        ${summaryOf(visit)}
        <section>${formOf(visit, {
          name: FORM,
          once: true,
          fields: [
            { name: "name", label: words.name, hint: words.nameHint, autocomplete: "off" },
            { name: "type", label: words.type, hint: words.typeHint, choices, value: "web" },
            {
              name: "redirectUris",
              label: words.redirectUris,
              hint: `${words.redirectHint} ${words.redirectNone}`,
              ...lines,
            },
            { name: "origins", label: words.origins, hint: words.originsHint, ...lines },
          ],
          submit: words.submit,
        })}</section>`,
    };
  },
  forms: {
    [FORM]: {
      route: "POST /v1/clients",
      input: ({ name, type, redirectUris, origins }) => ({
        body: { name, type, redirectUris: linesOf(redirectUris), origins: linesOf(origins) },
      }),
      next: registered,
    },
  },
};

function registered({ fields, visit, body }: Done) {
  const { clientId, clientSecret } = body as Registered;
  const path = `/admin/clients/${clientId}`;
  if (clientSecret === undefined) return visit.href(path, { done: "clientRegistered" });
  const { newTitle: title } = visit.texts.clients;
  return secretShown(visit, { title, name: fields["name"] ?? "", clientId, clientSecret });
}
