import * as Layer from "effect/Layer";
import * as Redacted from "effect/Redacted";
import { layer as keyring } from "../../../adapters/crypto/keyring.ts";
import { layer as memory } from "../../../adapters/memory/layer.ts";
import { layer as rootKeys } from "../../../adapters/memory/root-keys.ts";
import { ledgerContract } from "../../contracts/ledger.contract.ts";

const secret = Redacted.make(new Uint8Array(32).fill(7));

ledgerContract("memory", () =>
  memory().pipe(Layer.provideMerge(keyring([secret])), Layer.provideMerge(rootKeys())),
);
