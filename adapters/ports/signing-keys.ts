import * as Context from "effect/Context";
import type { SigningKeyRow } from "../../projections/jwks.ts";
import type { InMemoryModel } from "./in-memory-model.ts";

/** The read model `jwks`, in memory: every token and every JWKS is made from it. */
export class SigningKeys extends Context.Service<SigningKeys, InMemoryModel<SigningKeyRow>>()(
  "authledger/adapters/ports/SigningKeys",
) {}
