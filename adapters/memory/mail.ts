import * as Layer from "effect/Layer";
import type { Keyring } from "../ports/keyring.ts";
import type { KnownDevices } from "../ports/known-devices.ts";
import type { Ledgers } from "../ports/ledger.ts";
import type { OneTimeTokens } from "../ports/one-time-tokens.ts";
import type { Outbox } from "../ports/outbox.ts";
import { layer as knownDevices } from "./known-devices.ts";
import { layer as oneTimeTokens } from "./one-time-tokens.ts";
import { layer as outbox } from "./outbox.ts";

/** What mails are kept in: tokens, the outbox, known devices. */
export const layer: Layer.Layer<OneTimeTokens | Outbox | KnownDevices, never, Keyring | Ledgers> =
  Layer.mergeAll(oneTimeTokens, outbox, knownDevices);
