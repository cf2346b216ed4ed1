import { z } from "zod";
import { idleEndMs } from "../../adapters/reactions/session-expiry.ts";
import { BROWSERS, SYSTEMS } from "../../domain/session/mod.ts";
import type { SessionRow } from "../../projections/sessions.ts";

/** A session as its owner sees it; never its credential. */
export const SessionView = z
  .strictObject({
    id: z.uuid(),
    method: z.enum([
      "password",
      "sign-up",
      "guest",
      "setup",
      "magic-link",
      "provider",
      "impersonation",
    ]),
    browser: z.enum(BROWSERS).exactOptional(),
    system: z.enum(SYSTEMS).exactOptional(),
    startedAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    elevatedAt: z.iso.datetime().exactOptional(),
    idleExpiresAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    impersonator: z.strictObject({ userId: z.uuid() }).exactOptional(),
    current: z.boolean(),
  })
  .meta({ title: "Session" });
export type SessionView = z.output<typeof SessionView>;

type Look = {
  /** Whose session asks. */
  readonly currentId: string | undefined;
  readonly lastSeenMs: number | undefined;
};

export function viewSession(row: SessionRow, { currentId, lastSeenMs }: Look): SessionView {
  const { id, method, browser, system, startedAt, elevatedAt, expiresAt, impersonator } = row;
  const lastSeenAt = lastSeenMs === undefined ? startedAt : new Date(lastSeenMs).toISOString();
  return {
    id,
    method,
    ...(browser === undefined ? {} : { browser }),
    ...(system === undefined ? {} : { system }),
    startedAt,
    lastSeenAt,
    ...(elevatedAt === undefined ? {} : { elevatedAt }),
    idleExpiresAt: new Date(idleEndMs(row, lastSeenMs)).toISOString(),
    expiresAt,
    ...(impersonator === undefined ? {} : { impersonator: { userId: impersonator.userId } }),
    current: id === currentId,
  };
}
