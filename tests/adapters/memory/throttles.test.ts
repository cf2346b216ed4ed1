import * as Layer from "effect/Layer";
import * as TestClock from "effect/testing/TestClock";
import { layer as keyring } from "../../../adapters/crypto/keyring.ts";
import { layer as rootKeys } from "../../../adapters/memory/root-keys.ts";
import { layer as throttles } from "../../../adapters/memory/throttles.ts";
import { throttlesContract } from "../../contracts/throttles.contract.ts";
import { secretOf } from "../../support/sql-store.ts";

throttlesContract(
  "memory",
  () =>
    throttles.pipe(
      Layer.provide(keyring([secretOf(7)])),
      Layer.provide(rootKeys()),
      Layer.provideMerge(TestClock.layer()),
    ),
  (ms) => TestClock.adjust(ms),
);
