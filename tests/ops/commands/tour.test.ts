import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startProgram } from "../program.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const TIMEOUT_MS = 60_000;

test(
  "the tour for programs is JSON, line by line, to the last",
  async () => {
    const environment = { TMPDIR: temporaryFolder() };
    const written = ["tour", "--json"];
    const tour = startProgram("node", join("ops", "cli.ts"), { written, environment });
    const lines: Array<Record<string, unknown>> = [];
    for (let line = await tour.line(); line !== undefined; line = await tour.line()) {
      lines.push(JSON.parse(line));
    }
    expect(await tour.ended).toEqual({ status: 0, stderr: "" });
    const steps = lines.flatMap(({ step }) => (step === undefined ? [] : [step]));
    expect(steps).toEqual(Array.from(steps, (_, at) => at + 1));
    expect(steps.length).toBeGreaterThan(8);
    expect(lines).toContainEqual(
      expect.objectContaining({ request: "POST /v1/setup", status: 201 }),
    );
    expect(lines).toContainEqual(expect.objectContaining({ type: "UserErased" }));
    expect(lines.at(-1)).toMatchObject({ problems: 0 });
  },
  TIMEOUT_MS,
);

test.each(["node", "deno"] as const)(
  "the tour runs to its end on %s, and leaves nothing behind",
  async (runtime) => {
    const temporary = temporaryFolder();
    const tour = startProgram(runtime, join("ops", "cli.ts"), {
      written: ["tour"],
      environment: { TMPDIR: temporary },
    });
    const lines: Array<string> = [];
    for (let line = await tour.line(); line !== undefined; line = await tour.line()) {
      lines.push(line);
    }
    expect(await tour.ended).toEqual({ status: 0, stderr: "" });
    expect(lines.at(-1)).toMatch(/^\d+ events, root [0-9a-f]{64}, 0 problems$/);
    const steps = lines.filter((line) => /^\d+\. /.test(line)).map((line) => line.split(".")[0]);
    expect(steps).toEqual(Array.from({ length: 14 }, (_, step) => String(step + 1)));
    expect(lines.join("\n")).toContain('"email":{"erased":true}');
    expect(readdirSync(temporary)).toEqual([]);
  },
  TIMEOUT_MS,
);
