import { foreign, type Html, html } from "../html.ts";
import { fill, messageOf } from "../message.ts";
import type { Visit } from "../visit.ts";

export type Offered = { readonly id: string; readonly name: string };

/** With whom people may sign in here. */
export async function providersOf(visit: Visit): Promise<ReadonlyArray<Offered>> {
  const told = await visit.ask<{ readonly items: ReadonlyArray<Offered> }>("GET /v1/providers");
  return told.ok ? told.body.items : [];
}

type Setting = {
  readonly redirectTo?: string | undefined;
  readonly prompt?: "login" | undefined;
  /** With a place for the name. */
  readonly words?: string;
};

/** A way out to each; it comes back to where the person was going. */
export function providerButtons(
  visit: Visit,
  offered: ReadonlyArray<Offered>,
  { redirectTo = visit.redirectTo, prompt, words = visit.texts.accounts.with }: Setting = {},
): Html | undefined {
  if (offered.length === 0) return undefined;
  return html`<ul class="providers">${offered.map(
    ({ id, name }) => html`<li><a class="button quiet" rel="nofollow"
href="${visit.href(`/v1/providers/${id}/start`, { redirectTo, prompt })}">${foreign(
      fill(words, { name }),
    )}</a></li>`,
  )}</ul>`;
}

/** What became of a trip that led to nothing: known texts only, so nobody can put words there. */
export function tripFailure({ query, failed, texts }: Visit): Html | undefined {
  const code = query["failed"];
  if (code === undefined || failed !== undefined) return undefined;
  const isKnown = Object.hasOwn(texts.codes, code);
  const said = messageOf({ status: 400, code: isKnown ? code : "" }, texts);
  return html`<div class="summary" role="alert" tabindex="-1" autofocus
aria-labelledby="summary-title">
<h2 id="summary-title">${texts.problem.summary}</h2>
<p>${code === "email_taken" ? texts.accounts.known : said}</p>
</div>`;
}

/** Where a form of ours goes on to after it began a trip. */
export function goOnTo(id: string, body: unknown): string {
  const { trip } = body as { readonly trip: string };
  return `/v1/providers/${encodeURIComponent(id)}/go-on?trip=${encodeURIComponent(trip)}`;
}
