import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import * as Redacted from "effect/Redacted";
import { CHEAP, layer as passwords } from "../../adapters/argon2/password-hash.ts";
import { layer as keyring } from "../../adapters/crypto/keyring.ts";
import { layer as sealer } from "../../adapters/crypto/sealer.ts";
import { layer as tokenModels } from "../../adapters/fold/token-models.ts";
import { layer as accessTokens } from "../../adapters/jose/access-tokens.ts";
import { layer as keyPairs } from "../../adapters/jose/key-pairs.ts";
import { layer as consumers } from "../../adapters/memory/consumers.ts";
import { layer as memory } from "../../adapters/memory/layer.ts";
import { layer as mailTransport } from "../../adapters/memory/mail-transport.ts";
import { layer as rootKeys } from "../../adapters/memory/root-keys.ts";
import { layer as openidIssuers } from "../../adapters/openid-client/openid-issuers.ts";
import { SessionLookup } from "../../adapters/ports/session-lookup.ts";
import { runDismissUnfitArchitects } from "../../adapters/reactions/dismiss-unfit-architect.ts";
import { runEndRevokedSessions } from "../../adapters/reactions/end-revoked-sessions.ts";
import { runEndSessions } from "../../adapters/reactions/end-sessions.ts";
import { runGuestBook } from "../../adapters/reactions/guest-book.ts";
import { runMergeConsents } from "../../adapters/reactions/merge-consents.ts";
import { runTakeBackRole } from "../../adapters/reactions/take-back-role.ts";
import { runUserSearch } from "../../adapters/reactions/user-search.ts";
import { States } from "../../adapters/transact.ts";
import { metricRegistry } from "../../ops/metric-registry.ts";
import { mailRunning } from "../support/mailbox.ts";
import { outboundHere } from "../support/secure-server.ts";
import type { Backing } from "./world.ts";

const secret = Redacted.make(new Uint8Array(32).fill(7));

/** Everything the API asks for, in memory. */
export async function memoryServices(): Promise<Backing> {
  const processes = Layer.effectDiscard(
    Effect.all([
      Effect.forkScoped(runEndSessions),
      Effect.forkScoped(runEndRevokedSessions),
      Effect.forkScoped(runDismissUnfitArchitects),
      Effect.forkScoped(runUserSearch),
      Effect.forkScoped(runTakeBackRole),
      Effect.forkScoped(runGuestBook),
      Effect.forkScoped(runMergeConsents),
      mailRunning,
    ]),
  );
  const runtime = ManagedRuntime.make(
    processes.pipe(
      Layer.provideMerge(
        Layer.mergeAll(
          SessionLookup.layer,
          sealer,
          consumers,
          passwords(CHEAP),
          States.layer,
          mailTransport,
          keyPairs,
          accessTokens.pipe(Layer.provideMerge(tokenModels)),
          openidIssuers.pipe(Layer.provideMerge(outboundHere)),
        ),
      ),
      Layer.provideMerge(memory()),
      Layer.provideMerge(keyring([secret])),
      Layer.provideMerge(rootKeys()),
      Layer.provideMerge(Layer.fresh(metricRegistry)),
    ),
  );
  return { services: await runtime.context(), close: () => runtime.dispose() };
}
