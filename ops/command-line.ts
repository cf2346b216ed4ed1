import { parseArgs } from "node:util";
import type { Command, CommandArguments, CommandOption } from "./command.ts";
import { nearestName } from "./nearest-name.ts";
import { type UsageError, usageError } from "./usage-error.ts";

/** What every command understands. */
const EVERYWHERE: Readonly<Record<string, CommandOption>> = {
  json: { type: "boolean", about: "answer in JSON, for machines" },
  help: { type: "boolean", about: "show this" },
};

/** What the command line asks for. */
export type CommandLine<Services> =
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "version" }
  | {
      readonly kind: "run";
      readonly command: Command<Services>;
      /** As written, for a server that runs the command. */
      readonly written: ReadonlyArray<string>;
      readonly given: CommandArguments;
      readonly json: boolean;
    };

/** Reads the command line against the table of commands. */
export const readCommandLine = <Services>(
  commands: ReadonlyArray<Command<Services>>,
  written: ReadonlyArray<string>,
): CommandLine<Services> | UsageError => {
  const [name, ...rest] = written;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    return { kind: "help", text: helpOfAll(commands) };
  }
  if (name === "--version") return { kind: "version" };
  const command = commands.find((each) => each.name === name);
  if (command !== undefined) return readArguments(command, rest);
  const kind = name.startsWith("-") ? "option" : "command";
  const nearest = nearestName(
    name,
    commands.map((each) => each.name),
  );
  const hint = nearest === undefined ? "authledger --help lists them" : `did you mean ${nearest}?`;
  return usageError(`Unknown ${kind} "${name}": ${hint}`);
};

/** Reads what stands after the command's name. */
const readArguments = <Services>(
  command: Command<Services>,
  written: ReadonlyArray<string>,
): CommandLine<Services> | UsageError => {
  const options = { ...command.options, ...EVERYWHERE };
  const { values, positionals, tokens } = parseArgs({
    args: [...written],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { type }]) => [name, { type }] as const),
    ),
    strict: false,
    tokens: true,
  });
  const { help, json } = values;
  if (help === true) return { kind: "help", text: helpOfOne(command) };
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const wrong = wrongOption(command.name, options, token);
    if (wrong !== undefined) return usageError(wrong);
  }
  const [surplus] = command.positionals === undefined ? positionals : [];
  if (surplus !== undefined) {
    return usageError(`Cannot run ${command.name} with "${surplus}": it takes options only`);
  }
  return { kind: "run", command, written, given: { values, positionals }, json: json === true };
};

/** The line about an option that does not exist, lacks its value or has one too many. */
const wrongOption = (
  command: string,
  options: Readonly<Record<string, CommandOption>>,
  token: { readonly name: string; readonly rawName: string; readonly value?: string | undefined },
): string | undefined => {
  const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
  const known = Object.keys(options);
  if (option === undefined) {
    const nearest = nearestName(token.name, known);
    const hint =
      nearest === undefined ? `${command} --help lists them` : `did you mean --${nearest}?`;
    return `Unknown option "${token.rawName}": ${hint}`;
  }
  if (option.type === "boolean" && token.value !== undefined) {
    return `Cannot use ${token.rawName} with a value: it takes none`;
  }
  const missing = option.type === "string" && (token.value === undefined || token.value === "");
  return missing
    ? `Cannot use ${token.rawName} without a value: expected ${option.value ?? "one"}`
    : undefined;
};

const helpOfAll = <Services>(commands: ReadonlyArray<Command<Services>>): string =>
  [
    "Authledger: an identity provider whose log is the truth.",
    "",
    "Usage: authledger <command> [options]",
    "",
    ...aligned(commands.map(({ name, summary }) => [name, summary])),
    "",
    "authledger <command> --help shows its options, authledger --version the version.",
    "Exit status: 0 done, 1 the answer is no, 2 wrong usage or configuration.",
  ].join("\n");

const helpOfOne = <Services>(command: Command<Services>): string => {
  const options = Object.entries({ ...command.options, ...EVERYWHERE });
  const rest = command.positionals === undefined ? "" : ` ${command.positionals}`;
  return [
    `authledger ${command.name}: ${command.summary}`,
    "",
    `Usage: authledger ${command.name} [options]${rest}`,
    "",
    ...aligned(
      options.map(([name, { value, about }]) => [
        value === undefined ? `--${name}` : `--${name} ${value}`,
        about,
      ]),
    ),
  ].join("\n");
};

const aligned = (rows: ReadonlyArray<readonly [string, string]>): ReadonlyArray<string> => {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
};
