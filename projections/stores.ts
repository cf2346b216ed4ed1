import type { StoreEvent } from "../domain/store/mod.ts";
import type { Projection } from "./projection.ts";

/** One authorization store. */
export type StoreRow = { readonly id: string; readonly name: string; readonly createdAt: string };

/** Answers "which stores are there?". */
export const stores: Projection<StoreRow, StoreEvent> = {
  name: "stores",
  version: 1,
  ledger: "identity",
  handles: ["StoreCreated"],
  keys: (event) => [event.subject],
  evolve: (_row, { name, at }, key) => ({ id: key, name, createdAt: at }),
  index: ({ createdAt }) => ({ sort: createdAt, tags: [] }),
};
