import { sealedFieldsOf } from "../../../adapters/codec/catalogue.ts";
import type { EventView } from "../../ledger/event-view.ts";
import { eventInWords } from "../event-words.ts";
import { foreign, type Hole, type Html, html } from "../html.ts";
import type { Page } from "../page.ts";
import { facts, moment, pill } from "../pieces.ts";
import { read, type Visit } from "../visit.ts";

/** One event, whole: what happened, who did it, and the hash that proves it. */
export const eventPage: Page = {
  path: "/admin/ledger/:position",
  gate: ["auditor", "architect"],
  show: async (visit) => {
    const { admin, ledger: words } = visit.texts;
    const { ledger } = visit.query;
    const event = await read<EventView>(visit, "GET /v1/ledger/events/:position", {
      params: { position: visit.params["position"] ?? "" },
      query: { ledger },
    });
    const { type, position } = event;
    const title = `#${position} ${type}`;
    return {
      title,
      frame: "admin",
      parent: { path: "/admin/ledger", label: admin.ledger },
      body: html`
        <h1>${title}</h1>
        <p class="lead">${eventInWords(visit, event)}</p>
        <section>${places(visit, event)}</section>
        <section><h2>${words.data}</h2>${dataOf(visit, event)}</section>
        ${await neighbours(visit, event)}`,
    };
  },
};

function places(visit: Visit, event: EventView): Html {
  const { ledger: words } = visit.texts;
  const { at, actor, ledger, stream, revision, leaf, correlation, causation } = event;
  const subject = /^user:(.+)$/.exec(actor)?.[1];
  const who =
    subject === undefined
      ? html`<code>${actor}</code>`
      : html`<a href="${visit.href(`/admin/users/${subject}`)}"><code>${actor}</code></a>`;
  const inStream = visit.href("/admin/ledger", { stream, ledger });
  return facts([
    [words.at, moment(visit, at)],
    [words.actor, who],
    [words.name, words[ledger]],
    [words.stream, html`<a href="${inStream}"><code>${stream}</code></a>`],
    [words.revision, revision],
    [words.correlation, html`<code>${correlation}</code>`],
    [words.causation, causation && html`<code>${causation}</code>`],
    [words.leaf, html`<code>${leaf}</code>`],
  ]);
}

/** Each member of the event; what is personal says so, opened, sealed or erased. */
function dataOf(visit: Visit, { type, schema, data }: EventView): Html {
  const { ledger, words } = visit.texts;
  const members = Object.entries(data);
  if (members.length === 0) return html`<p class="quiet">${ledger.noData}</p>`;
  const secret = new Set(sealedFieldsOf(type, schema).map(({ path }) => path[0]));
  return facts(
    members.map(([name, value]) => [
      name,
      html`${shown(visit, value)} ${
        secret.has(name) && typeof value === "string" && pill(words.personal)
      }`,
    ]),
  );
}

function shown({ texts }: Visit, value: unknown): Hole {
  if (typeof value === "string") return foreign(value);
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? texts.words.yes : texts.words.no;
  if (typeof value === "object" && value !== null) {
    if ("erased" in value) return pill(texts.words.erased, "bad");
    if ("sealed" in value) return pill(texts.words.sealed);
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
      return html`<span class="pills">${value.map((item) => pill(item))}</span>`;
    }
  }
  return html`<pre>${JSON.stringify(value, undefined, 2)}</pre>`;
}

async function neighbours(visit: Visit, { position, ledger }: EventView): Promise<Html> {
  const { ledger: words, frame } = visit.texts;
  const query = ledger === "identity" ? {} : { ledger };
  const to = (at: number) => visit.href(`/admin/ledger/${at}`, query);
  const next = await visit.ask("GET /v1/ledger/events/:position", {
    params: { position: String(position + 1) },
    query: { ledger },
  });
  return html`<nav class="pages" aria-label="${frame.pages}">
${
  position > 1 &&
  html`<a class="button quiet" rel="prev"
href="${to(position - 1)}">${words.previous}</a>`
}
${next.ok && html`<a class="button quiet" rel="next" href="${to(position + 1)}">${words.next}</a>`}
</nav>`;
}
