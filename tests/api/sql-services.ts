import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { CHEAP, layer as passwords } from "../../adapters/argon2/password-hash.ts";
import { layer as tokenModels } from "../../adapters/fold/token-models.ts";
import { layer as accessTokens } from "../../adapters/jose/access-tokens.ts";
import { layer as keyPairs } from "../../adapters/jose/key-pairs.ts";
import { layer as mailTransport } from "../../adapters/memory/mail-transport.ts";
import { layer as openidIssuers } from "../../adapters/openid-client/openid-issuers.ts";
import { runDismissUnfitArchitects } from "../../adapters/reactions/dismiss-unfit-architect.ts";
import { runEndRevokedSessions } from "../../adapters/reactions/end-revoked-sessions.ts";
import { runEndSessions } from "../../adapters/reactions/end-sessions.ts";
import { runGuestBook } from "../../adapters/reactions/guest-book.ts";
import { runMergeConsents } from "../../adapters/reactions/merge-consents.ts";
import { runMergeTuples } from "../../adapters/reactions/merge-tuples.ts";
import { runTakeBackRole } from "../../adapters/reactions/take-back-role.ts";
import { runUserSearch } from "../../adapters/reactions/user-search.ts";
import { layer as readModels } from "../../adapters/sql/read-models.ts";
import { layer as sessionLookup } from "../../adapters/sql/session-lookup.ts";
import { metricRegistry } from "../../ops/metric-registry.ts";
import type { DatabaseLayer } from "../support/databases.ts";
import { mailRunning } from "../support/mailbox.ts";
import { outboundHere } from "../support/secure-server.ts";
import { ledgersOn } from "../support/sql-store.ts";
import type { Backing } from "./world.ts";

const tokens = accessTokens.pipe(Layer.provideMerge(tokenModels));

/** Everything the API asks for over an empty database, with the process that ends sessions. */
export async function sqlServices(
  database: DatabaseLayer,
  drop: () => Promise<void> = async () => {},
): Promise<Backing> {
  const processes = Layer.effectDiscard(
    Effect.gen(function* () {
      yield* Effect.forkScoped(runEndSessions);
      yield* Effect.forkScoped(runEndRevokedSessions);
      yield* Effect.forkScoped(runDismissUnfitArchitects);
      yield* Effect.forkScoped(runMergeTuples);
      yield* Effect.forkScoped(runMergeConsents);
      yield* Effect.forkScoped(runUserSearch);
      yield* Effect.forkScoped(runTakeBackRole);
      yield* Effect.forkScoped(runGuestBook);
      yield* mailRunning;
    }),
  );
  const runtime = ManagedRuntime.make(
    processes.pipe(
      Layer.provideMerge(
        Layer.mergeAll(
          sessionLookup,
          keyPairs,
          tokens,
          openidIssuers.pipe(Layer.provideMerge(outboundHere)),
        ),
      ),
      Layer.provideMerge(readModels({ run: true })),
      Layer.provideMerge(Layer.merge(passwords(CHEAP), mailTransport)),
      Layer.provideMerge(Layer.fresh(ledgersOn(database))),
      Layer.provideMerge(Layer.fresh(metricRegistry)),
    ),
  );
  const close = async () => {
    await runtime.dispose();
    await drop();
  };
  return { services: await runtime.context(), close };
}
