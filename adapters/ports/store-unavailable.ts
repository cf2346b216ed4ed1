import * as Data from "effect/Data";

/** The store behind a port cannot be reached or answered too late. */
export class StoreUnavailable extends Data.TaggedError("StoreUnavailable")<{
  readonly cause: unknown;
}> {
  override get message() {
    return "Cannot reach the store";
  }
}

/** Whatever a store failed with, as what its port says. */
export const storeUnavailable = (cause: unknown) => new StoreUnavailable({ cause });
