import { calledOf } from "../called.ts";
import { type Field, formOf, summaryOf } from "../form-parts.ts";
import { foreign, type Html, html } from "../html.ts";
import { fill } from "../message.ts";
import type { Page } from "../page.ts";
import type { Visit } from "../visit.ts";
import { goOnTo, providersOf, tripFailure } from "./providers.ts";

/** The first person to own the server, and never a second one by this door. */
export const setUpPage: Page = {
  path: "/setup",
  gate: "public",
  show: async (visit) => {
    const { texts, isNew, elsewhere, person } = visit;
    const { setup } = texts;
    if (!isNew && !elsewhere)
      return { to: visit.href(person === undefined ? "/sign-in" : "/account") };
    if (!isNew) {
      const body = html`<h1>${setup.ready}</h1><p>${setup.elsewhere}</p>`;
      return { title: setup.ready, frame: "door", body };
    }
    const title = fill(setup.title, { brand: visit.brand.name });
    const signedIn = person !== undefined && !person.user.guest;
    return {
      title,
      frame: "door",
      body: html`
        <h1>${title}</h1>
        <p class="lead">${setup.lead}</p>
        ${summaryOf(visit)}
        ${tripFailure(visit)}
        ${formOf(visit, {
          name: "setup",
          fields: [tokenField(visit), ...(signedIn ? [] : ownerFields(visit))],
          extra: signedIn ? owner(visit) : undefined,
          submit: setup.submit,
        })}
        ${!signedIn && html`<p class="quiet">${setup.existing}</p>`}
        ${!elsewhere && (await throughProvider(visit))}`,
    };
  },
  forms: {
    provider: {
      route: "POST /v1/providers/:id/set-up",
      input: ({ token, provider = "" }, { language }) => ({
        params: { id: provider },
        body: { token, lang: language },
      }),
      beside: { invalid_setup_token: "token" },
      next: ({ fields: { provider = "" }, body }) => goOnTo(provider, body),
    },
    setup: {
      route: "POST /v1/setup",
      beside: { invalid_setup_token: "token", email_taken: "email" },
      next: ({ visit }) => visit.href(visit.elsewhere ? "/setup" : "/account", { done: "setup" }),
    },
  },
};

/** Whoever holds the token may come through any open door. */
async function throughProvider(visit: Visit): Promise<Html | undefined> {
  const { accounts, admin } = visit.texts;
  const offered = await providersOf(visit);
  const [only] = offered;
  if (only === undefined) return undefined;
  const choice: Field = {
    name: "provider",
    label: admin.providers,
    choices: offered.map(({ id, name }) => [id, name]),
  };
  const several = offered.length > 1;
  return html`<hr><p>${accounts.setUp}</p>${formOf(visit, {
    name: "provider",
    hidden: several ? {} : { provider: only.id },
    fields: [tokenField(visit), ...(several ? [choice] : [])],
    submit: fill(accounts.with, { name: several ? "…" : only.name }),
    look: "quiet",
  })}`;
}

function tokenField({ texts: { setup }, settings }: Visit): Field {
  const { where } = settings.setupToken;
  const hint = {
    environment: setup.tokenEnvironment,
    terminal: setup.tokenTerminal,
    file: settings.publicMode
      ? setup.tokenPublic
      : fill(setup.tokenLocal, { file: where.kind === "file" ? where.path : "" }),
  }[where.kind];
  return {
    name: "token",
    label: setup.token,
    hint,
    type: "password",
    autocomplete: "off",
    code: true,
  };
}

function ownerFields({ texts: { setup, signUp } }: Visit): ReadonlyArray<Field> {
  return [
    { name: "email", label: setup.email, type: "email", autocomplete: "email" },
    {
      name: "password",
      label: signUp.password,
      hint: signUp.passwordHint,
      type: "password",
      autocomplete: "new-password",
    },
  ];
}

function owner({ person, texts }: Visit): Html {
  return html`<p class="hint">${texts.setup.you} ${person && foreign(calledOf(person.user))}</p>`;
}
