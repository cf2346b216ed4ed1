import { z } from "zod";
import { RegisterBody } from "../../api/clients/client-body.ts";
import { ClientId } from "../../api/clients/client-id.ts";
import { Audience, Name, Scopes } from "../../api/resource-servers/resource-server-view.ts";
import { SECRETS_MAX } from "../../domain/client/mod.ts";

/** Entries of a list at most: so many are reconciled within seconds. */
const ENTRIES_MAX = 500;

/** A variable of the environment, as POSIX has them. */
const Variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/);

/** An application as the API takes it, what it is called by, and where its secrets are. */
export const ClientEntry = RegisterBody.extend({
  clientId: ClientId,
  secretFrom: z.union([Variable, z.array(Variable).min(1).max(SECRETS_MAX)]).exactOptional(),
  disabled: z.boolean().exactOptional(),
});
export type ClientEntry = z.output<typeof ClientEntry>;

export const ResourceServerEntry = z.strictObject({
  audience: Audience,
  name: Name,
  scopes: Scopes.exactOptional(),
});
export type ResourceServerEntry = z.output<typeof ResourceServerEntry>;

/** What is to be there no more. */
export const RemovedClient = z.strictObject({ clientId: ClientId, removed: z.literal(true) });
export const RemovedResourceServer = z.strictObject({
  audience: Audience,
  removed: z.literal(true),
});

const entries = z.array(z.record(z.string(), z.unknown())).max(ENTRIES_MAX).exactOptional();

/** The file as a whole; what its entries are, each says by itself. */
export const ClientsFile = z.strictObject({ resourceServers: entries, clients: entries });
