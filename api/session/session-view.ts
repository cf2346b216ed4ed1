import { z } from "zod";
import type { SessionRow } from "../../projections/sessions.ts";

/** A session as its owner sees it; never its credential. */
export const SessionView = z
  .strictObject({
    id: z.uuid(),
    method: z.enum(["password", "sign-up", "guest", "setup", "magic-link", "impersonation"]),
    startedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    current: z.boolean(),
  })
  .meta({ title: "Session" });
export type SessionView = z.output<typeof SessionView>;

export function viewSession(row: SessionRow, currentId: string): SessionView {
  const { id, method, startedAt, expiresAt } = row;
  return { id, method, startedAt, expiresAt, current: id === currentId };
}
