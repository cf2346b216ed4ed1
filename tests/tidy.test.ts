import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const LINES_MAX = 300;
/** A language is one file, a list of texts, however much the pages say. */
const TEXT_LINES_MAX = 900;
const COLUMNS_MAX = 100;

type Rule = { readonly from: ReadonlyArray<string>; readonly packages: RegExp };

/** Which top-level folders each may import from, and which packages. */
const layers: Readonly<Record<string, Rule>> = {
  domain: { from: ["domain"], packages: /^$/ },
  projections: { from: ["projections", "domain"], packages: /^$/ },
  adapters: { from: ["adapters", "projections", "domain"], packages: /./ },
  api: { from: ["api", "adapters", "projections", "domain"], packages: /./ },
  ops: { from: ["ops", "api", "adapters", "projections", "domain"], packages: /./ },
};
const apiMayUse = /^adapters\/(?:ports\/|codec\/|reactions\/|transact\.ts$)/;

/** What every adapter may use; the rest of adapters/ is one folder a technology. */
const shared = [
  "ports",
  "codec",
  "crypto",
  "commit",
  "fold",
  "reactions",
  "transact.ts",
  "runner.ts",
];
/** One SQL dialect for both databases. */
const alsoUses: Readonly<Record<string, ReadonlyArray<string>>> = {
  pglite: ["sql"],
  postgres: ["sql"],
};

const forbiddenName =
  /^(?:utils?|helpers?|common|misc|managers?|types|index)(?:\.|$)|-(?:utils?|helpers?|manager)\./;
const usualName = /^[a-z0-9_-]+(?:\.[a-z-]+)*\.(?:ts|sql)$/;
/** These are called as the conformance suite calls its modules. */
const namedElsewhere = /^tests\/conformance\/openid\/[A-Z][A-Za-z0-9]+\.ts$/;
/** `domain/invariant.ts` alone may throw, for what cannot happen. */
const impure = /\b(?:Date|Math\.random|crypto|console|process\.|throw|setTimeout|performance)\b/;

type Source = { readonly path: string; readonly text: string; readonly code: string };

const sourcesIn = (...patterns: ReadonlyArray<string>): ReadonlyArray<Source> =>
  globSync([...patterns], { cwd: root, exclude: ["**/node_modules/**", "dist/**"] })
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      const code = text.replaceAll(/\/\*[\s\S]*?\*\/|(?<![:"'`])\/\/.*/g, "");
      return { path, text, code };
    });

const layersIn = `{${Object.keys(layers).join(",")}}/**/*.ts`;
const sources = sourcesIn(layersIn);
const all = [...sources, ...sourcesIn("tests/**/*.ts", "*.ts")];
const sql = sourcesIn("adapters/**/*.sql");

const importing =
  /^(?:import|export)\b[^"=;]*?\bfrom "([^"\n]+)"|^import "([^"\n]+)"|\bimport\(\s*"([^"\n]+)"/gm;

/** Each import as written and, of a file of ours, its path from the root. */
const importsOf = ({ path, code }: Source) =>
  [...code.matchAll(importing)].map(([, from, bare, lazy]) => {
    const written = from ?? bare ?? lazy ?? "";
    const ours = written.startsWith(".");
    const target = ours ? relative(root, resolve(root, dirname(path), written)) : undefined;
    return { written, target };
  });

test.each(Object.entries(layers))("%s/ imports only what it may", (layer, rule) => {
  for (const source of sources.filter(({ path }) => path.startsWith(`${layer}/`))) {
    for (const { written, target } of importsOf(source)) {
      const what = `${source.path} imports ${written}`;
      if (target === undefined) {
        expect(written, what).toMatch(rule.packages);
        continue;
      }
      expect(written, `${what} without extension`).toMatch(/\.ts$/);
      expect(rule.from, what).toContain(target.split("/")[0]);
      if (layer === "api" && target.startsWith("adapters/")) {
        expect(target, what).toMatch(apiMayUse);
      }
    }
  }
});

test("an adapter never imports another technology", () => {
  for (const source of sources.filter(({ path }) => path.startsWith("adapters/"))) {
    const own = source.path.split("/")[1] ?? "";
    const may = [own, ...shared, ...(alsoUses[own] ?? [])];
    for (const { target } of importsOf(source)) {
      if (!target?.startsWith("adapters/")) continue;
      expect(may, `${source.path} imports ${target}`).toContain(target.split("/")[1]);
    }
  }
});

test("the server imports nothing of the tests", () => {
  for (const source of sources) {
    for (const { written } of importsOf(source)) {
      expect(written, source.path).not.toMatch(/^(?:vitest|fast-check)/);
    }
  }
});

test("domain/ and projections/ have no clock, randomness, console or throw", () => {
  const pure = sources.filter(({ path }) => /^(?:domain|projections)\//.test(path));
  const judged = pure.filter(({ path }) => path !== "domain/invariant.ts");
  const withoutTexts = judged.map(({ path, code }) => ({
    path,
    text: code.replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""'),
  }));
  expect(linesWith(impure, withoutTexts)).toEqual([]);
});

test("files, lines and names stay within their limits", () => {
  const problems: Array<string> = [];
  for (const { path, text } of [...all, ...sql]) {
    const lines = text.trimEnd().split("\n");
    const linesMax = path.startsWith("api/pages/languages/") ? TEXT_LINES_MAX : LINES_MAX;
    if (lines.length > linesMax) problems.push(`${path} has ${lines.length} lines`);
    for (const [index, line] of lines.entries()) {
      const columns = [...line].length;
      if (columns > COLUMNS_MAX) problems.push(`${path}:${index + 1} has ${columns} columns`);
    }
    if (path.split("/").some((part) => forbiddenName.test(part))) problems.push(`${path}: name`);
    if (!usualName.test(basename(path)) && !namedElsewhere.test(path)) {
      problems.push(`${path}: not in lower case with hyphens`);
    }
  }
  expect(problems).toEqual([]);
});

test.each([
  ["no barrels", /\bexport \*/],
  ["no test alone", /\b(?:test|it|describe|suite)\.only\b/],
  ["nothing left to do", /\b(?:TODO|FIXME|XXX)\b/],
  ["no way around the compiler", /\bas any\b|@ts-(?:ignore|nocheck|expect-error)/],
])("%s", (_rule, forbidden) => {
  const judged = all.filter(({ path }) => path !== "tests/tidy.test.ts");
  expect(linesWith(forbidden, judged)).toEqual([]);
});

const linesWith = (
  forbidden: RegExp,
  judged: ReadonlyArray<Pick<Source, "path" | "text">>,
): ReadonlyArray<string> =>
  judged.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line) => (forbidden.test(line) ? [`${path}: ${line.trim()}`] : [])),
  );

test("every link in a document leads somewhere", () => {
  for (const { path, text } of sourcesIn("*.md", `{${Object.keys(layers).join(",")}}/**/*.md`)) {
    const prose = text.replaceAll(/```[\s\S]*?```|`[^`]*`/g, "");
    for (const [, link = ""] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? path : join(dirname(path), decodeURIComponent(file));
      expect(existsSync(join(root, target)), `${path} links to ${link}`).toBe(true);
      if (anchor === undefined || !target.endsWith(".md")) continue;
      const anchors = anchorsOf(readFileSync(join(root, target), "utf8"));
      expect(anchors, `${path} links to ${link}`).toContain(anchor);
    }
  }
});

/** As the usual forges make them of headings. */
const anchorsOf = (markdown: string): ReadonlyArray<string> =>
  [...markdown.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
