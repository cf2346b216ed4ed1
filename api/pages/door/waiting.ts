import type { InteractionView } from "../../interactions/get-interaction.ts";
import { calledOf } from "../called.ts";
import { formOf, summaryOf } from "../form-parts.ts";
import { foreign, type Html, html } from "../html.ts";
import { fill, filled } from "../message.ts";
import type { Shown } from "../page.ts";
import type { Visit } from "../visit.ts";

const WAITING = /^\/oauth2\/interaction\/([\w-]{21,64})$/;

/** The application that waits for this sign-in, when there is one. */
export async function waitingFor(visit: Visit): Promise<InteractionView | undefined> {
  const id = visit.redirectTo?.match(WAITING)?.[1];
  if (id === undefined) return undefined;
  const told = await visit.ask<InteractionView>("GET /v1/interactions/:id", { params: { id } });
  return told.ok ? told.body : undefined;
}

/** Whom the sign-in is for. */
export function goingOn({ texts }: Visit, waiting: InteractionView | undefined): Html | undefined {
  if (waiting === undefined) return undefined;
  const { name } = waiting.client;
  return html`<p class="lead">${filled(texts.signIn.goOn, { name })}</p>`;
}

/** Whoever is signed in proves once more to be who they are: an application wants it fresh. */
export function proofAgain(visit: Visit, waiting: InteractionView | undefined): Shown {
  const { texts, person } = visit;
  const { signIn } = texts;
  const title = fill(signIn.title, { brand: visit.brand.name });
  return {
    title,
    frame: "door",
    body: html`
      <h1>${title}</h1>
      ${goingOn(visit, waiting)}
      ${summaryOf(visit)}
      <p>${signIn.again} ${person && foreign(calledOf(person.user))}</p>
      ${formOf(visit, {
        name: "again",
        fields: [
          {
            name: "password",
            label: signIn.password,
            type: "password",
            autocomplete: "current-password",
          },
        ],
        submit: signIn.submit,
        query: { prompt: "login" },
      })}
      <p class="links"><a href="${visit.href("/sign-out", { redirectTo: visit.redirectTo })}"
      >${signIn.other}</a></p>`,
  };
}
