import { openApi } from "../http/openapi.ts";
import type { Route } from "../http/route.ts";
import type { Settings } from "../http/settings.ts";
import { DOCS_POLICY, docsPage } from "./docs-page.ts";
import { llmsText } from "./llms-text.ts";

/** A text about the API, made of nothing but the route table. */
export type Document = {
  readonly path: `/${string}`;
  readonly summary: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: (routes: ReadonlyArray<Route>, settings: Settings) => string;
};

export const documents: ReadonlyArray<Document> = [
  {
    path: "/openapi.json",
    summary: "This API as an OpenAPI 3.1 document",
    headers: { "content-type": "application/json" },
    content: (routes, settings) => JSON.stringify(openApi(routes, settings)),
  },
  {
    path: "/docs",
    summary: "This API to browse, with examples for curl",
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": DOCS_POLICY,
    },
    content: docsPage,
  },
  {
    path: "/llms.txt",
    summary: "This API in short, for language models",
    headers: { "content-type": "text/plain; charset=utf-8" },
    content: llmsText,
  },
];
