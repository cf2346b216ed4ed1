import { z } from "zod";
import type { ClientRow } from "../../projections/clients.ts";
import { ClientType, metadataView } from "./client-body.ts";

/** An application; of its secrets only that they are there. */
export const ClientView = z
  .strictObject({
    clientId: z.string(),
    type: ClientType,
    status: z.enum(["enabled", "disabled"]),
    ...metadataView,
    secrets: z.array(z.strictObject({ id: z.string(), issuedAt: z.string() })),
    registeredAt: z.string(),
    revisedAt: z.string(),
  })
  .meta({ title: "Client" });
export type ClientView = z.output<typeof ClientView>;

export function viewClient({ secrets, ...row }: ClientRow): ClientView {
  const shown = secrets.map(({ id, issuedAt }) => ({ id, issuedAt }));
  return { ...structuredClone(row), secrets: shown } as ClientView;
}
