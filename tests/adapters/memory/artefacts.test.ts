import * as Layer from "effect/Layer";
import { layer as keyring } from "../../../adapters/crypto/keyring.ts";
import { layer as artefacts } from "../../../adapters/memory/artefacts.ts";
import { layer as rootKeys } from "../../../adapters/memory/root-keys.ts";
import { artefactsContract } from "../../contracts/artefacts.contract.ts";
import { secretOf } from "../../support/sql-store.ts";

artefactsContract("memory", () =>
  artefacts.pipe(Layer.provide(keyring([secretOf(7)])), Layer.provide(rootKeys())),
);
