import * as Layer from "effect/Layer";
import { layer as keyring } from "../../../adapters/crypto/keyring.ts";
import { layer as consumers } from "../../../adapters/memory/consumers.ts";
import { layer as memory } from "../../../adapters/memory/layer.ts";
import { layer as rootKeys } from "../../../adapters/memory/root-keys.ts";
import { consumersContract } from "../../contracts/consumers.contract.ts";
import { secretOf } from "../../support/sql-store.ts";

consumersContract("memory", () =>
  consumers.pipe(
    Layer.provideMerge(memory()),
    Layer.provide(keyring([secretOf(7)])),
    Layer.provide(rootKeys()),
  ),
);
