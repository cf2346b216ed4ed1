import type { Kernel } from "../http/answer-request.ts";
import type { Origins } from "../http/origins.ts";
import type { ProblemFields } from "../http/problem.ts";
import { answerPage } from "./answer-page.ts";
import type { Browser } from "./ask.ts";
import { assetsOf } from "./assets.ts";
import type { Brand } from "./brand.ts";
import { type Pages, setUpWatch } from "./open-visit.ts";
import type { Page } from "./page.ts";
import { pages as table } from "./pages.ts";
import { problemPage } from "./problem-page.ts";

/** The pages of one server; without them the API is all there is. */
export type ServedPages = {
  readonly table: ReadonlyArray<Page>;
  readonly answer: (
    page: Page,
    browser: Browser,
    params: Readonly<Record<string, string>>,
  ) => Promise<Response>;
  /** A file that pages use, by its path. */
  readonly asset: (path: string) => Response | undefined;
  /** A problem outside the API, as the one who asked can read it. */
  readonly problem: (browser: Browser, problem: ProblemFields) => Promise<Response>;
};

export function createPages(kernel: Kernel, origins: Origins, brand: Brand): ServedPages {
  const assets = assetsOf(brand);
  const pages: Pages = { kernel, origins, brand, assets, isSetUp: setUpWatch(kernel) };
  return {
    table,
    answer: (page, browser, params) => answerPage(pages, page, { browser, params }),
    asset: assets.answer,
    problem: (browser, problem) => problemPage(pages, { browser, problem }),
  };
}

/** Whether the path is one of the API, where programs ask and JSON answers. */
export function isOfApi(path: string): boolean {
  return path === "/openapi.json" || /^\/(?:v1|\.well-known|oauth2|assets)(?:\/|$)/.test(path);
}
