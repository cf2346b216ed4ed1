import * as Effect from "effect/Effect";
import { z } from "zod";
import { Artefacts } from "../../adapters/ports/artefacts.ts";
import { RegisteredClients } from "../../adapters/ports/registered-clients.ts";
import { ResourceServers } from "../../adapters/ports/resource-servers.ts";
import { API_SCOPES } from "../../domain/client/mod.ts";
import { type Agreed, OPENID_SCOPES, scopeOfClaim } from "../../domain/consent/mod.ts";
import type { ClientRow } from "../../projections/clients.ts";
import { refuse } from "../http/problem.ts";
import type { Settings } from "../http/settings.ts";

/** 126 random bits and more, as the engine names what it waits for. */
export const InteractionId = z.strictObject({ id: z.string().regex(/^[\w-]{21,64}$/) });

/** What the engine keeps of a request that waits for a person, as far as we look at it. */
const Kept = z.object({
  params: z.object({
    client_id: z.string(),
    redirect_uri: z.string().optional(),
    login_hint: z.string().optional(),
    scope: z.string().optional(),
    resource: z.union([z.string(), z.array(z.string())]).optional(),
  }),
  prompt: z.object({
    name: z.enum(["login", "consent"]),
    details: z.object({ missingOIDCClaims: z.array(z.string()).optional() }),
  }),
  session: z.object({ accountId: z.string() }).optional(),
  lastSubmission: z.record(z.string(), z.unknown()).optional(),
});
type Kept = z.output<typeof Kept>;

/** A request that waits for a person, and the application that it came from. */
export const waitingInteraction = (id: string) =>
  Effect.gen(function* () {
    const found = yield* (yield* Artefacts).find("Interaction", id);
    const kept = Kept.safeParse(found?.payload).data;
    if (found === undefined || kept === undefined) return yield* refuse(404, "not_found");
    const client = yield* (yield* RegisteredClients).get(kept.params.client_id);
    if (client?.status !== "enabled") return yield* refuse(404, "not_found");
    const { payload, expiresAtMs } = found;
    return { payload, expiresAtMs, kept, client };
  });

/** An API of which something is asked, and what that means in words. */
export type AskedResource = {
  readonly audience: string;
  readonly name: string;
  readonly scopes: ReadonlyArray<{ readonly name: string; readonly description: string }>;
};

/** All that the application asks for: what it may know, and what it may do at which API. */
export const askedFor = (settings: Settings, { kept, client }: Waiting) =>
  Effect.gen(function* () {
    const { scope = "", resource = [] } = kept.params;
    const asked = scope.split(" ");
    const ofClaims = (kept.prompt.details.missingOIDCClaims ?? []).flatMap(
      (claim) => scopeOfClaim(claim) ?? [],
    );
    const scopes = OPENID_SCOPES.filter((name) => asked.includes(name) || ofClaims.includes(name));
    const rows = [...(yield* (yield* ResourceServers).rows).values()];
    const resources = [resource].flat().map((audience): AskedResource => {
      const row = rows.find((one) => one.audience === audience);
      const own = audience === settings.url ? ownScopes(client) : (row?.scopes ?? []);
      return {
        audience,
        name: audience === settings.url ? settings.url : (row?.name ?? audience),
        scopes: own.filter(({ name }) => asked.includes(name)),
      };
    });
    return { scopes, resources };
  });

type Waiting = { readonly kept: Kept; readonly client: ClientRow };

/** As what is agreed to is stored. */
export function agreedOf(asked: {
  readonly scopes: ReadonlyArray<string>;
  readonly resources: ReadonlyArray<AskedResource>;
}): Agreed {
  return {
    scopes: asked.scopes,
    resources: asked.resources.map(({ audience, scopes }) => ({
      audience,
      scopes: scopes.map(({ name }) => name),
    })),
  };
}

/** Scopes of our own API are their own description: only applications of the house have them. */
function ownScopes({ scopes }: ClientRow) {
  return scopes
    .filter((scope) => (API_SCOPES as ReadonlyArray<string>).includes(scope))
    .map((name) => ({ name, description: name }));
}
