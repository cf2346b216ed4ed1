import { z } from "zod";
import { SIGNING_ALGORITHMS } from "../../domain/keyring/mod.ts";
import type { ResourceServerRow } from "../../projections/resource-servers.ts";
import { text } from "../http/schemas.ts";

const NAME_MAX = 100;
/** Characters: one line of a consent page. */
const DESCRIPTION_MAX = 200;
const AUDIENCE_MAX = 512;
const SCOPE_NAME_MAX = 100;
const SCOPES_MAX = 75;

export const Audience = z.string().min(1).max(AUDIENCE_MAX);
export const Name = text(NAME_MAX);
export const Scopes = z
  .array(
    z.strictObject({
      name: z.string().min(1).max(SCOPE_NAME_MAX),
      description: text(DESCRIPTION_MAX),
    }),
  )
  .max(SCOPES_MAX);

/** What its access tokens are signed with; ES256 where it does not say. */
export const SigningAlgorithm = z.enum(SIGNING_ALGORITHMS);

/** An API that access tokens are issued for. */
export const ResourceServerView = z
  .strictObject({
    id: z.string(),
    audience: z.string(),
    name: z.string(),
    scopes: z.array(z.strictObject({ name: z.string(), description: z.string() })),
    signingAlgorithm: SigningAlgorithm.exactOptional(),
    registeredAt: z.string(),
    revisedAt: z.string(),
  })
  .meta({ title: "ResourceServer" });
export type ResourceServerView = z.output<typeof ResourceServerView>;

export const ResourceServerAnswer = z.strictObject({ resourceServer: ResourceServerView });

export function viewResourceServer(row: ResourceServerRow): ResourceServerView {
  return structuredClone(row) as ResourceServerView;
}
