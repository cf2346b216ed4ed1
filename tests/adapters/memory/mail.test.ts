import * as Layer from "effect/Layer";
import { layer as keyring } from "../../../adapters/crypto/keyring.ts";
import { layer as memory } from "../../../adapters/memory/layer.ts";
import { layer as rootKeys } from "../../../adapters/memory/root-keys.ts";
import { knownDevicesContract } from "../../contracts/known-devices.contract.ts";
import { oneTimeTokensContract } from "../../contracts/one-time-tokens.contract.ts";
import { outboxContract } from "../../contracts/outbox.contract.ts";
import { secretOf } from "../../support/sql-store.ts";

const stored = () =>
  memory().pipe(Layer.provide(keyring([secretOf(7)])), Layer.provide(rootKeys()));

oneTimeTokensContract("memory", stored);
outboxContract("memory", stored);
knownDevicesContract("memory", stored);
