import { createHash } from "node:crypto";
import type { JsonObject } from "../../domain/json.ts";
import { openApi } from "../http/openapi.ts";
import type { Route } from "../http/route.ts";
import type { Settings } from "../http/settings.ts";
import { type Html, html, markupOf } from "../pages/html.ts";
import { areasOf } from "./areas.ts";
import { curlOf } from "./curl-of.ts";
import { DOCS_STYLE } from "./docs-style.ts";

type About = Pick<Settings, "url" | "version" | "publicMode">;
type Schema = { readonly type?: unknown; readonly enum?: ReadonlyArray<unknown> } & JsonObject;
type Operation = {
  readonly parameters: ReadonlyArray<{
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }>;
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: JsonObject }>
  >;
};

const HASH = createHash("sha256").update(DOCS_STYLE).digest("base64");

/** Our own style, named by its hash, and nothing else: no script, font, image or frame. */
export const DOCS_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${HASH}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The route table as a page that needs neither JavaScript nor anything of somebody else's. */
export function docsPage(routes: ReadonlyArray<Route>, about: About): string {
  const { paths } = openApi(routes, about) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  const areas = areasOf(routes);
  const page = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Authledger API</title>
<style>${raw(DOCS_STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">To the routes</a>
<header>
<h1>Authledger API</h1>
<p>Version ${about.version} at <code>${about.url}</code>. JSON in and out; times are RFC 3339,
ids are opaque, unknown members are refused.</p>
<p>People are signed in by a session cookie. A write answers with <code>Ledger-Position</code>; a
read with <code>at_least</code> waits until it knows that position, and with <code>as_of</code>
answers as it was then. Errors are <code>application/problem+json</code> with a stable
<code>code</code>.</p>
<p>The same for programs: <a href="/openapi.json">OpenAPI 3.1</a> and
<a href="/llms.txt">llms.txt</a>.</p>
</header>
<div class="middle">
<nav aria-label="Areas">
<ul>${areas.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul>
</nav>
<main id="main">
${areas.map(
  ({ id, title, routes: inside }) => html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${inside.map((route) => entry(route, operationOf(paths, route), about))}
</section>`,
)}
</main>
</div>
</body>
</html>
`;
  return `<!doctype html>\n${markupOf(page)}`;
}

function operationOf(
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>,
  { method, path }: Route,
): Operation {
  const operations = paths[path.replaceAll(/:([A-Za-z]+)/g, "{$1}")];
  return operations?.[method.toLowerCase()] ?? { parameters: [], responses: {} };
}

function entry(route: Route, operation: Operation, about: About): Html {
  const { method, path, summary, auth } = route;
  const who = typeof auth === "string" ? [auth === "public" ? "anybody" : "signed in"] : auth;
  const body = operation.requestBody?.content["application/json"]?.schema;
  const told = operation.parameters.map(({ name, in: where, required, schema }) =>
    member(name, `in the ${where}, ${shapeOf(schema)}`, required === true),
  );
  return html`<details>
<summary>
<span class="method ${method}">${method}</span><code>${path}</code>
<span class="what">${coded(summary)}</span>
</summary>
<div class="inside">
<p>${who.map((each) => html`<span class="who">${each}</span>`)}</p>
${list("Parameters", told)}
${list("Body", membersOf(body))}
<h3>Try it</h3>
<pre>${curlOf(route, body, about.url)}</pre>
${list("Answers", Object.entries(operation.responses).map(answer))}
</div>
</details>`;
}

function membersOf(body: Schema | undefined): ReadonlyArray<Html> {
  const { properties = {}, required = [] } = (body ?? {}) as {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly required?: ReadonlyArray<string>;
  };
  return Object.entries(properties).map(([name, schema]) =>
    member(name, shapeOf(schema), required.includes(name)),
  );
}

function member(name: string, shape: string, required: boolean): Html {
  const must = required && html` <span class="must">required</span>`;
  return html`<div><dt><code>${name}</code>${must}</dt><dd>${shape}</dd></div>`;
}

function answer([status, { description }]: readonly [string, { readonly description: string }]) {
  return html`<div><dt><code>${status}</code></dt><dd>${coded(description)}</dd></div>`;
}

/** What stands between backticks is code. */
function coded(text: string): ReadonlyArray<Html | string> {
  return text.split("`").map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part));
}

function list(title: string, items: ReadonlyArray<Html>): Html | undefined {
  return items.length === 0 ? undefined : html`<h3>${title}</h3><dl>${items}</dl>`;
}

/** A schema in a few words. */
function shapeOf(schema: Schema): string {
  const { enum: values, maxLength, format, anyOf } = schema;
  if (values !== undefined) return values.map(String).join(", ");
  if (Array.isArray(anyOf)) return anyOf.map((each) => shapeOf(each as Schema)).join(" or ");
  const words = [String(schema.type ?? "any")];
  if (typeof format === "string") words.push(`(${format})`);
  if (typeof maxLength === "number") words.push(`of at most ${maxLength} characters`);
  return words.join(" ");
}

/** Only for what stands in our own files. */
function raw(text: string): Html {
  return html([text] as unknown as TemplateStringsArray);
}
