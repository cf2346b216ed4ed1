import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { inherited } from "../support/inherited.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Stands in the output before each block's. */
const MARK = "\u0001";

export type Session = {
  /** `http://127.0.0.1:port` of the server that the document calls localhost:4000. */
  readonly base: string;
  /** Where the reader stands; `data` in it is the server's data folder. */
  readonly folder: string;
};

/**
 * Runs what a reader types, in one shell; answers what each block printed, both streams together.
 *
 * The reader stands in the checkout, the test in a folder of its own: so npm is sent there, and the
 * port is the server's.
 */
export async function runSession(
  blocks: ReadonlyArray<string>,
  { base, folder }: Session,
): Promise<ReadonlyArray<string>> {
  const { host } = new URL(base);
  const script = [
    `npm() { command npm --prefix '${root}' "$@"; }`,
    ...blocks.map((text) => `printf '${MARK}'\n${text.replaceAll("localhost:4000", host)}`),
  ].join("\n");
  const shell = spawn("bash", ["-c", `exec 2>&1\n${script}`], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...inherited(),
      AUTHLEDGER_DATA: `${folder}/data`,
    },
  });
  let output = "";
  shell.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  await new Promise((resolve) => shell.on("close", resolve));
  return output.split(MARK).slice(1);
}

/** All that a program prints, both streams, once it has ended. */
export async function printed(program: string, given: ReadonlyArray<string>): Promise<string> {
  const child = spawn(program, given, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...inherited(), NO_COLOR: "1" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  await new Promise((resolve) => child.on("close", resolve));
  return output;
}
