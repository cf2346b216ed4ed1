import * as Context from "effect/Context";

/** Whether somebody receives the spans of this server: only then are any made beside the work. */
export const Traced = Context.Reference<boolean>("authledger/adapters/ports/Traced", {
  defaultValue: () => false,
});
