import { nearestName } from "../nearest-name.ts";
import { isProviderVariable } from "./providers.ts";
import { type Values, type VariableName, variables } from "./variables.ts";

/** Set by the test run, read by the tests alone. */
const TEST_PREFIX = "AUTHLEDGER_TEST_";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The values that were right and one line for each that was not. */
export type ReadVariables = {
  readonly values: Values;
  readonly mistakes: ReadonlyArray<string>;
};

/** Reads each variable by its own schema; an empty one counts as not set. */
export const readVariables = (environment: Environment): ReadVariables => {
  const values: Record<string, unknown> = {};
  const mistakes: Array<string> = [];
  for (const name of Object.keys(variables) as Array<VariableName>) {
    const value = environment[name];
    if (value === undefined || value === "") continue;
    const variable = variables[name];
    const parsed = variable.schema.safeParse(value);
    if (parsed.success) values[name] = parsed.data;
    else {
      const shown = "secret" in variable ? "(value not shown)" : JSON.stringify(value);
      mistakes.push(`Cannot use ${name} ${shown}: expected ${variable.wanted}`);
    }
  }
  return { values: values as Values, mistakes };
};

/** One line for each variable that has our prefix and no meaning: a slip nobody would notice. */
export const unknownVariables = (environment: Environment): ReadonlyArray<string> => {
  const known = Object.keys(variables);
  return Object.keys(environment)
    .filter((name) => name.startsWith("AUTHLEDGER_") && !name.startsWith(TEST_PREFIX))
    .filter((name) => !known.includes(name) && !isProviderVariable(name))
    .map((name) => {
      const nearest = nearestName(name, known);
      return `Unknown variable ${name}${nearest === undefined ? "" : `: did you mean ${nearest}?`}`;
    });
};
