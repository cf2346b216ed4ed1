import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { inherited } from "../support/inherited.ts";
import { blocksOf } from "./markdown.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Where the pages say that things are, and where they are in a test. */
export type Places = { readonly authledger: string; readonly application: string };

/** What a page of docs/applications has to be run, at the places of a test, in order. */
export function pageBlocks(name: string, { authledger, application }: Places) {
  const page = readFileSync(join(root, "docs", "applications", `${name}.md`), "utf8");
  const blocks = blocksOf(page).filter(({ run }) => run);
  const placed = (text: string) =>
    text
      .replaceAll("http://localhost:4000", authledger)
      .replaceAll("http://localhost:3000", application)
      .replaceAll(".listen(3000,", `.listen(${new URL(application).port},`);
  const of = (wanted: string) =>
    blocks.filter(({ language }) => language === wanted).map(({ text }) => placed(text));
  return {
    bodies: of("json").map((text) => JSON.parse(text)),
    programs: of("ts"),
    scripts: of("js"),
  };
}

/** Runs a program of a page as its reader would, until it ends or its test does. */
export function runProgram(text: string, environment: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "authledger-application-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const file = join(folder, "program.ts");
  writeFileSync(file, text);
  const child = spawn(join(root, "node_modules", ".bin", "node"), [file], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...inherited(), ...environment },
  });
  let written = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      written += part;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  return { written: () => written, alive: () => child.exitCode === null, ended };
}
