import * as Layer from "effect/Layer";
import { layer as keyring } from "../../../adapters/crypto/keyring.ts";
import { layer as memory } from "../../../adapters/memory/layer.ts";
import { layer as rootKeys } from "../../../adapters/memory/root-keys.ts";
import { SessionLookup } from "../../../adapters/ports/session-lookup.ts";
import { sessionLookupContract } from "../../contracts/session-lookup.contract.ts";
import { secretOf } from "../../support/sql-store.ts";

sessionLookupContract("memory", () =>
  SessionLookup.layer.pipe(
    Layer.provideMerge(memory()),
    Layer.provideMerge(keyring([secretOf(7)])),
    Layer.provideMerge(rootKeys()),
  ),
);
