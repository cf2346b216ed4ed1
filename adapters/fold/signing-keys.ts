import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { jwks, type SigningKeyRow } from "../../projections/jwks.ts";
import type { InMemoryModel } from "../ports/in-memory-model.ts";
import type { Ledgers } from "../ports/ledger.ts";
import type { ReadModels } from "../ports/read-models.ts";
import { SigningKeys } from "../ports/signing-keys.ts";
import { inMemoryModel } from "./in-memory-model.ts";

/** Over the ledger that this process follows. */
export const layer: Layer.Layer<SigningKeys, never, Ledgers | ReadModels> = Layer.effect(
  SigningKeys,
  Effect.map(inMemoryModel(jwks), (model) => model as InMemoryModel<SigningKeyRow>),
);
