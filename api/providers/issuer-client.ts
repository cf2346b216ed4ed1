import * as Effect from "effect/Effect";
import type { IssuerClient, IssuerError } from "../../adapters/ports/openid-issuers.ts";
import type { ProviderRow } from "../../projections/providers.ts";
import type { RequestContext } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { discloseSecret } from "./provider-secret.ts";

/** What we are at the issuer of a provider, its secret opened. */
export const issuerClientOf = (row: ProviderRow) =>
  Effect.gen(function* () {
    const { issuer, clientId, authMethod, scopes, secret } = row;
    const clientSecret = secret && (yield* discloseSecret(secret));
    // A row that was swapped in the vault: nobody is sent anywhere with it.
    if (secret !== undefined && clientSecret === undefined) {
      return yield* refuse(503, "provider_unavailable");
    }
    return { issuer, clientId, authMethod, scopes, clientSecret } satisfies IssuerClient;
  });

/** What a person is told when an issuer fails them; the log is told why. */
export const issuerRefused = (
  { settings, requestId }: Pick<RequestContext, "settings" | "requestId">,
  { refusal, code }: IssuerError,
) => {
  const error = code === undefined ? refusal : `${refusal}: ${code}`;
  settings.log({ level: "warn", message: "Nobody came in from a provider", requestId, error });
  switch (refusal) {
    case "denied":
      return refuse(403, "provider_denied");
    case "unavailable":
      return refuse(503, "provider_unavailable");
    case "mismatch":
      return refuse(403, "provider_mismatch");
    default:
      return refusal satisfies never;
  }
};
