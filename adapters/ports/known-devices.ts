import * as Context from "effect/Context";
import type * as Effect from "effect/Effect";
import type { StoreUnavailable } from "./store-unavailable.ts";

/** A device that has not come back for this long is new again. */
export const DEVICE_KEPT_MS = 400 * 24 * 60 * 60 * 1000;
/** Devices of one person that are remembered; the one unused for longest is forgotten. */
export const DEVICES_MAX = 50;
/** Rows that one sweep forgets at most: a statement stays short. */
export const SWEEP_MAX = 500;

/**
 * What people have signed in with: volatile, shared by all processes. Owner and marks are kept as
 * digests under the artefact key, so a row tells nobody who came with what.
 */
export class KnownDevices extends Context.Service<
  KnownDevices,
  {
    /**
     * Whether any of the marks (a cookie's value, a class of user agent) has been seen with this
     * person. `first`: nothing has been seen with them before.
     */
    readonly recognise: (
      userId: string,
      marks: ReadonlyArray<string>,
    ) => Effect.Effect<"first" | "known" | "new", StoreUnavailable>;
    /** From now on all of the marks have been seen with this person. */
    readonly remember: (
      userId: string,
      marks: ReadonlyArray<string>,
    ) => Effect.Effect<void, StoreUnavailable>;
    readonly forget: (userId: string) => Effect.Effect<void, StoreUnavailable>;
    /** Forgets what was seen long ago, a bounded number of rows; answers how many went. */
    readonly sweep: Effect.Effect<number, StoreUnavailable>;
  }
>()("authledger/adapters/ports/KnownDevices") {}
