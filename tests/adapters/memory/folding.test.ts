import * as Layer from "effect/Layer";
import { layer as keyring } from "../../../adapters/crypto/keyring.ts";
import { layer as memory } from "../../../adapters/memory/layer.ts";
import { layer as rootKeys } from "../../../adapters/memory/root-keys.ts";
import { foldingContract } from "../../contracts/folding.contract.ts";
import { secretOf } from "../../support/sql-store.ts";

foldingContract("memory", () =>
  memory().pipe(Layer.provideMerge(keyring([secretOf(7)])), Layer.provideMerge(rootKeys())),
);
