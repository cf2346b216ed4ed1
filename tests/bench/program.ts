import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Runs a program of this folder in a process of its own: JSON in, JSON out. */
export async function program<Answer>(name: string, argument: unknown): Promise<Answer> {
  const path = fileURLToPath(new URL(name, import.meta.url));
  const given = [path, JSON.stringify(argument)];
  const { stdout } = await promisify(execFile)(process.execPath, given);
  return JSON.parse(stdout) as Answer;
}
