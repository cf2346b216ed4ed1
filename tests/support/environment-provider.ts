import * as Effect from "effect/Effect";
import * as Redacted from "effect/Redacted";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import type { ProviderConfig } from "../../ops/config/providers.ts";
import { openProviders } from "../../ops/open-providers.ts";
import type { World } from "../api/world.ts";
import type { ScriptedIssuer } from "./scripted-issuer.ts";

/** What an environment would say of the issuer. */
export const configOf = ({ url, client }: ScriptedIssuer): ProviderConfig => ({
  id: "acme",
  name: "Acme",
  issuer: url,
  clientId: client.id,
  clientSecret: Redacted.make(client.secret),
  scopes: ["openid", "email", "profile"],
});

/** Opens the issuer as a start with it in the environment does. */
export const openByEnvironment = (w: World, issuer: ScriptedIssuer) =>
  w.run(
    Effect.gen(function* () {
      yield* openProviders([configOf(issuer)]);
      const { position } = yield* (yield* Ledgers).identity.head;
      yield* (yield* ReadModels).reach("providers", position, 5_000);
    }),
  );
