import * as Effect from "effect/Effect";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { ClientRow } from "../../projections/clients.ts";
import type { RequestContext } from "../http/call.ts";
import { refuse } from "../http/problem.ts";
import { registeredView } from "./client-metadata.ts";

type Told = {
  readonly clientId: string;
  /** What it manages itself by. */
  readonly managementToken: string;
  /** One that was issued just now: it is shown this once. */
  readonly secret?: string;
};

/**
 * What a client is told of itself: all that is registered, and where it manages that.
 *
 * Source: RFC 7591, section 3.2.1; RFC 7592, section 3.
 */
export const clientInformation = (
  { settings }: Pick<RequestContext, "settings">,
  { clientId, managementToken, secret }: Told,
) =>
  Effect.gen(function* () {
    const found = yield* (yield* ReadModels).get("clients", clientId);
    if (found === undefined) return yield* refuse(401, "invalid_token");
    const row = found.row as ClientRow;
    return {
      client_id: clientId,
      client_id_issued_at: Math.floor(Date.parse(row.registeredAt) / 1000),
      ...(secret === undefined ? {} : { client_secret: secret, client_secret_expires_at: 0 }),
      registration_access_token: managementToken,
      registration_client_uri: `${settings.url}/oauth2/register/${clientId}`,
      ...registeredView(row.type, row),
    } as JsonObject;
  });
