import type { Decider } from "../decider.ts";
import { type PublicJwk, SIGNING_ALGORITHMS, type SigningAlgorithm } from "./algorithms.ts";
import {
  decide,
  type FreshKey,
  type KeyringCommand,
  type KeyringOutcome,
  type Moment,
  type RotationCause,
} from "./decide.ts";
import type { KeyringEvent } from "./events.ts";
import { evolve, initial, type SigningKeyring, type SigningKeyStatus } from "./evolve.ts";
import { KEY_ACTIVE_MS, KEY_LEAD_MS, KEY_RETAINED_MS } from "./lifetimes.ts";

export type {
  FreshKey,
  KeyringCommand,
  KeyringEvent,
  KeyringOutcome,
  Moment,
  PublicJwk,
  RotationCause,
  SigningAlgorithm,
  SigningKeyring,
  SigningKeyStatus,
};
export { KEY_ACTIVE_MS, KEY_LEAD_MS, KEY_RETAINED_MS, SIGNING_ALGORITHMS };

/** The one stream of this installation's signing keys. */
export const KEYRING_STREAM_ID = "signing";

/** The keys that tokens are signed with. */
export const keyring: Decider<SigningKeyring, KeyringCommand, KeyringEvent, KeyringOutcome> = {
  category: "keyring",
  initial,
  evolve,
  decide,
};
