import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { documents } from "../../api/documents/documents.ts";
import type { Route } from "../../api/http/route.ts";
import { routes } from "../../api/routes.ts";
import { ROLES } from "../../domain/user/roles.ts";
import { variables } from "../../ops/config/variables.ts";
import { startServer } from "../support/faults-server.ts";
import { blocksOf, examplesOf, tableOf } from "./markdown.ts";
import { masked, maskedJson } from "./masks.ts";
import { printed, runSession } from "./run-session.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = blocksOf(readme);

/** The README's own time limit for its reader is five minutes; a busy machine takes a tenth. */
const SESSION_TIMEOUT_MS = 120_000;

const scratch = () => {
  const folder = mkdtempSync(join(tmpdir(), "authledger-readme-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

test(
  "every example for the shell prints what the README shows",
  async () => {
    const folder = scratch();
    // The set-up token and the secret are the ones that a newcomer's own server makes.
    const environment = { AUTHLEDGER_SETUP_TOKEN: "", AUTHLEDGER_SECRET: "" };
    const { base } = await startServer({ data: join(folder, "data"), environment });
    const examples = examplesOf(blocks, "sh");
    expect(examples.length).toBeGreaterThan(10);
    const outputs = await runSession(
      examples.map(({ command }) => command.text),
      { base, folder },
    );
    expect(outputs).toHaveLength(examples.length);
    for (const [at, { command, shown }] of examples.entries()) {
      const output = (outputs[at] ?? "").replaceAll("\r", "").trim();
      const where = `README.md:${command.line} printed\n${output}\n`;
      expect(shown, `${where}and shows nothing`).toBeDefined();
      if (shown?.language === "json") {
        const wanted = maskedJson(JSON.parse(shown.text));
        expect(maskedJson(JSON.parse(output)), where).toMatchObject(wanted as object);
        continue;
      }
      const wanted = masked(shown?.text ?? "").trim();
      expect(shortened(masked(output), wanted), where).toBe(wanted);
    }
  },
  SESSION_TIMEOUT_MS,
);

/** What was printed, where the README has a line that is only `…` as short as there. */
const shortened = (printedText: string, shown: string): string => {
  const rest = printedText.split("\n");
  const wanted = shown.split("\n");
  const lines = wanted.flatMap((line, at) => {
    if (line !== "…") return rest.splice(0, 1);
    const next = rest.indexOf(wanted[at + 1] ?? "");
    return next < 0 ? [] : [rest.splice(0, next) && "…"];
  });
  return [...lines, ...rest].join("\n");
};

test.each(["node", "deno"])("the library's example runs on %s", async (runtime) => {
  const [example] = examplesOf(blocks, "ts");
  const port = String(await freePort());
  const library = pathToFileURL(join(root, "ops", "create-authledger.ts")).href;
  const file = join(scratch(), "example.ts");
  const text = example?.command.text.replace('from "authledger"', `from "${library}"`);
  writeFileSync(file, text?.replaceAll("4001", port) ?? "");
  const bin = join(root, "node_modules", ".bin", runtime);
  const options = runtime === "deno" ? ["run", "-A", "--config", join(root, "deno.json")] : [];
  expect(await printed(bin, [...options, file])).toBe(example?.shown?.text);
});

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });

test("the table of routes is the route table", () => {
  const read = documents.map(({ path, summary }) => [
    `\`GET ${path}\``,
    "anybody",
    summary,
    "",
    "",
  ]);
  expect(tableOf(readme, "route")).toEqual([...routes.map(rowOf), ...read]);
});

const rowOf = (route: Route): ReadonlyArray<string> => {
  const { method, path, auth, summary, query, body } = route;
  const who = typeof auth === "string" ? { public: "anybody", session: "signed in" }[auth] : auth;
  const takes = [
    ...membersOf(query),
    ...(route.asOf === true ? ["as_of"] : []),
    ...(!route.writes && route.reads !== undefined ? ["at_least"] : []),
    ...(route.idempotent ? ["Idempotency-Key"] : []),
  ];
  const sends = membersOf(body).map((name) => (isOptional(body, name) ? `${name}?` : name));
  const scope = route.scope === "any" ? "any scope" : `\`${route.scope}\``;
  const token = route.scope === undefined ? [] : [scope];
  const may = [who, ...token].flat().join(", ");
  return [`\`${method} ${path}\``, may, summary, quoted(takes), quoted(sends)];
};

const shapeOf = (schema: z.ZodType | undefined) =>
  schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodType>) : {};
const membersOf = (schema: z.ZodType | undefined) => Object.keys(shapeOf(schema));
const isOptional = (schema: z.ZodType | undefined, name: string) =>
  shapeOf(schema)[name] instanceof z.ZodExactOptional;
const quoted = (names: ReadonlyArray<string>) => names.map((name) => `\`${name}\``).join(", ");

test("every member of a body and every parameter of a query is explained, and no other", () => {
  const named = (heading: string) =>
    tableOf(readme, heading).flatMap(([cell = ""]) => cell.replaceAll("`", "").split(", "));
  const paging = ["limit", "cursor"];
  const bodies = new Set(routes.flatMap(({ body }) => membersOf(body)));
  expect(named("member").toSorted()).toEqual(
    [...bodies].filter((name) => !paging.includes(name)).toSorted(),
  );
  const queries = new Set(routes.flatMap(({ query }) => membersOf(query)));
  expect(named("parameter").toSorted()).toEqual([...queries, "as_of", "at_least"].toSorted());
});

test("the table of roles has every role", () => {
  const rows = Object.entries(ROLES).map(([name, { description }]) => [`\`${name}\``, description]);
  expect(tableOf(readme, "role")).toEqual(rows);
});

test("every route named anywhere in the README is in the route table", () => {
  const paths = routes.map(({ path }) => new RegExp(`^${path.replaceAll(/:\w+/g, "[^/]+")}$`));
  const named = [...readme.matchAll(/(?:localhost:4000|[`\s"])(\/v1\/[^\s"`?]*)/g)];
  expect(named.length).toBeGreaterThan(20);
  for (const [, path = ""] of named) {
    expect(
      paths.some((known) => known.test(path)),
      path,
    ).toBe(true);
  }
});

test("the table of variables names exactly those that the server reads", () => {
  const rows = tableOf(readme, "variable");
  const names = rows.map(([name = ""]) => name.replaceAll("`", ""));
  expect(names.toSorted()).toEqual(Object.keys(variables).toSorted());
  for (const [name, , , today] of rows) expect(["yes", "no"], name).toContain(today);
});

test("every constant that ARCHITECTURE.md's limits name is in the file it names", () => {
  const rows = tableOf(readFileSync(join(root, "ARCHITECTURE.md"), "utf8"), "constant");
  expect(rows.length).toBeGreaterThan(20);
  for (const [constant = ""] of rows) {
    const [, name = "", file = ""] = /^\[`([A-Z0-9_]+)`\]\(([^)]+)\)$/.exec(constant) ?? [];
    const source = readFileSync(join(root, file), "utf8");
    expect(source, constant).toMatch(new RegExp(`\\bconst ${name}\\b`));
  }
});
