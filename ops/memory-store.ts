import * as Layer from "effect/Layer";
import { layer as passwordHash } from "../adapters/argon2/password-hash.ts";
import { layer as keyring } from "../adapters/crypto/keyring.ts";
import { layer as sealer } from "../adapters/crypto/sealer.ts";
import { layer as tokenModels } from "../adapters/fold/token-models.ts";
import { layer as accessTokens } from "../adapters/jose/access-tokens.ts";
import { layer as keyPairs } from "../adapters/jose/key-pairs.ts";
import { layer as consumers } from "../adapters/memory/consumers.ts";
import { layer as memory } from "../adapters/memory/layer.ts";
import { layer as leases } from "../adapters/memory/leases.ts";
import { layer as rootKeys } from "../adapters/memory/root-keys.ts";
import { layer as openidIssuers } from "../adapters/openid-client/openid-issuers.ts";
import { layer as outbound } from "../adapters/outbound/outbound.ts";
import { SessionLookup } from "../adapters/ports/session-lookup.ts";
import { States } from "../adapters/transact.ts";
import type { Config } from "./config.ts";
import { secretsOf } from "./development-secret.ts";
import { metricRegistry } from "./metric-registry.ts";
import { tracing } from "./tracing.ts";

const tokens = accessTokens.pipe(Layer.provideMerge(tokenModels));

/** The whole store in this process's memory: for trying things out; it ends with the process. */
export const memoryStoreLayer = (config: Config) =>
  Layer.mergeAll(
    sealer,
    SessionLookup.layer,
    consumers,
    leases,
    keyPairs,
    tokens,
    openidIssuers.pipe(Layer.provideMerge(outbound({ allow: config.outboundAllow }))),
  ).pipe(
    Layer.provideMerge(Layer.mergeAll(memory(), States.layer, passwordHash())),
    Layer.provideMerge(Layer.suspend(() => keyring(secretsOf(config)))),
    Layer.provideMerge(rootKeys()),
    Layer.provideMerge(metricRegistry),
    Layer.provideMerge(tracing(config)),
  );
