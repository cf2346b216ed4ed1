import { z } from "zod";
import type { ProviderRow } from "../../projections/providers.ts";
import { text } from "../http/schemas.ts";

export const NAME_MAX = 100;

/** An id as it stands in paths; any other text is simply not found. */
export const ProviderId = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/);
export const ByProvider = z.strictObject({ id: ProviderId });

/** What everybody may know of an open provider: what its button says. */
export const ProviderView = z
  .strictObject({ id: z.string(), name: z.string() })
  .meta({ title: "Provider" });

/** What an architect sees of one; its secret is never shown, only whether there is one. */
export const ConfiguredProvider = z
  .strictObject({
    id: z.string(),
    name: text(NAME_MAX),
    status: z.enum(["open", "closed"]),
    /** What the environment opened, it alone revises and closes. */
    origin: z.enum(["architect", "environment"]),
    issuer: z.string(),
    clientId: z.string(),
    clientSecret: z.enum(["set", "none"]),
    tokenEndpointAuthMethod: z.enum(["client_secret_basic", "client_secret_post", "none"]),
    scopes: z.array(z.string()),
    /** What the issuer has to know as our redirect URI. */
    redirectUri: z.string(),
    openedAt: z.string(),
    revisedAt: z.string(),
  })
  .meta({ title: "ConfiguredProvider" });
export type ConfiguredProvider = z.output<typeof ConfiguredProvider>;

export const ProviderAnswer = z.strictObject({ provider: ConfiguredProvider });

/** Where people come back to from a provider. */
export function redirectUriOf({ url }: { readonly url: string }, id: string): string {
  return `${url}/v1/providers/${id}/callback`;
}

export function viewProvider(row: ProviderRow, settings: { readonly url: string }) {
  const { id, name, status, origin, issuer, clientId, secret, authMethod, scopes } = row;
  const { openedAt, revisedAt } = row;
  return {
    id,
    name,
    status,
    origin,
    issuer,
    clientId,
    clientSecret: secret === undefined ? "none" : "set",
    tokenEndpointAuthMethod: authMethod,
    scopes: [...scopes],
    redirectUri: redirectUriOf(settings, id),
    openedAt,
    revisedAt,
  } satisfies ConfiguredProvider;
}
