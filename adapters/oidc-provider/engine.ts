/*
 * The engine's values, for whatever of ours needs them. It says on the console that it supports
 * Node alone; our tests run it on Deno too, so nobody needs to read that at every start.
 */

const UNSUPPORTED = "Unsupported runtime";

const { warn } = console;
console.warn = (...said: ReadonlyArray<unknown>) => {
  if (!String(said[0]).includes(UNSUPPORTED)) warn(...said);
};
const engine = await import("oidc-provider").finally(() => {
  console.warn = warn;
});

export const { Provider, errors, interactionPolicy } = engine;
