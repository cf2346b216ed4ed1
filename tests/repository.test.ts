import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");

const versions = z.record(z.string(), z.string());
const manifest = z
  .object({
    license: z.string(),
    engines: z.object({ node: z.string() }),
    scripts: versions,
    dependencies: versions,
    devDependencies: versions,
  })
  .parse(JSON.parse(read("package.json")));
const packages = { ...manifest.dependencies, ...manifest.devDependencies };

const deno = z
  .object({ compilerOptions: z.never().optional(), imports: versions, tasks: versions })
  .parse(JSON.parse(read("deno.json")));

test("deno.json has the versions of package.json, and all that the program needs", () => {
  const needed = new Set(Object.keys(manifest.dependencies));
  for (const [name, address] of Object.entries(deno.imports)) {
    const bare = name.replace(/\/$/, "");
    const version = packages[bare];
    const wanted = name.endsWith("/") ? `npm:/${bare}@${version}/` : `npm:${bare}@${version}`;
    expect(address, name).toBe(wanted);
    needed.delete(bare);
  }
  expect([...needed]).toEqual([]);
});

test("every version is exact", () => {
  for (const [name, version] of Object.entries(packages)) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/);
  }
});

test("the commands of npm are the tasks of Deno", () => {
  expect(Object.keys(deno.tasks).sort()).toEqual(["bench", "check", "start", "test", "tour"]);
  for (const task of Object.keys(deno.tasks)) expect(manifest.scripts).toHaveProperty(task);
});

const service = z.object({
  image: z.string().optional(),
  build: z.string().optional(),
  environment: versions,
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  volumes: z.array(z.string()),
  healthcheck: z.object({ test: z.array(z.string()).min(2) }),
});

test("compose.yaml starts Postgres 17 and the server, each with a health check", () => {
  const compose = z
    .object({
      services: z.object({ postgres: service, authledger: service }),
      volumes: z.record(z.string(), z.null()),
    })
    .parse(parse(read("compose.yaml")));
  const { postgres, authledger } = compose.services;
  expect(postgres.image).toBe("postgres:17");
  expect(authledger.build).toBe(".");
  expect(authledger.depends_on).toEqual({ postgres: { condition: "service_healthy" } });
  expect(authledger.healthcheck.test.join(" ")).toContain("/healthz");
  for (const { volumes } of [postgres, authledger]) {
    for (const volume of volumes)
      expect(compose.volumes).toHaveProperty(volume.split(":")[0] ?? "");
  }
  const secrets = [
    postgres.environment["POSTGRES_PASSWORD"],
    authledger.environment["DATABASE_URL"],
  ];
  for (const secret of [...secrets, authledger.environment["AUTHLEDGER_SECRET"]]) {
    expect(secret).toMatch(/\$\{[A-Z_]+:\?/);
  }
});

test("the Dockerfile builds apart, runs on Node 24 as nobody special, and says how it is", () => {
  const known = "FROM ENV WORKDIR COPY RUN USER VOLUME EXPOSE HEALTHCHECK ENTRYPOINT CMD".split(
    " ",
  );
  const joined = read("Dockerfile").replaceAll("\\\n", " ").split("\n");
  const instructions = joined
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      const [name = "", ...rest] = line.split(/\s+/);
      return { name, rest: rest.join(" ") };
    });
  for (const { name } of instructions) expect(known).toContain(name);
  const of = (wanted: string) =>
    instructions.flatMap(({ name, rest }) => (name === wanted ? [rest] : []));
  expect(of("FROM")).toEqual(["node:24-slim AS build", "node:24-slim"]);
  expect(of("USER")).toEqual(["node"]);
  expect(of("HEALTHCHECK")[0]).toContain("/healthz");
  expect(JSON.parse(of("ENTRYPOINT")[0] ?? "")).toEqual([
    "node",
    "--max-semi-space-size=8",
    "dist/ops/cli.js",
  ]);
  expect(JSON.parse(of("CMD").at(-1) ?? "")).toEqual(["serve"]);
  const last = instructions.findLastIndex(({ name }) => name === "FROM");
  const user = instructions.findIndex(({ name }) => name === "USER");
  expect(user).toBeGreaterThan(last);
});

test("the licence is Apache 2.0, whole", () => {
  expect(manifest.license).toBe("Apache-2.0");
  const licence = read("LICENSE");
  expect(licence).toContain("Version 2.0, January 2004");
  expect(licence).toContain("END OF TERMS AND CONDITIONS");
});

test("the lock names every optional package of every platform, as `npm ci` demands", () => {
  const Locked = z.record(
    z.string(),
    z.object({ optionalDependencies: z.record(z.string(), z.string()).exactOptional() }),
  );
  const { packages } = z
    .object({ packages: Locked })
    .parse(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        !(`${path}/node_modules/${name}` in packages) && !(`node_modules/${name}` in packages),
    ),
  );
  expect(missing).toEqual([]);
});
