import { z } from "zod";
import { KEY_LEAD_MS, SIGNING_ALGORITHMS } from "../../domain/keyring/mod.ts";
import type { SigningKeyRow } from "../../projections/jwks.ts";

const MS_PER_SECOND = 1_000;
/** A rotation waits for its standby, and for the turn of the process that does it. */
const OVERDUE_AFTER_MS = KEY_LEAD_MS + 3_600_000;

/** RFC 7638, of SHA-256. */
export const Kid = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** A signing key as its keepers see it: nothing of it is secret. */
export const KeyView = z
  .strictObject({
    kid: Kid,
    algorithm: z.enum(SIGNING_ALGORITHMS),
    /** `published` is the standby: in the JWKS, and next to sign. */
    status: z.enum(["minted", "published", "active", "retired", "withdrawn", "compromised"]),
    mintedAt: z.string(),
    ageSeconds: z.int().min(0),
    activatedAt: z.string().exactOptional(),
    retiredAt: z.string().exactOptional(),
    withdrawnAt: z.string().exactOptional(),
    compromisedAt: z.string().exactOptional(),
    /** What becomes of it by itself, and when at the earliest. */
    nextChange: z
      .strictObject({ to: z.enum(["active", "retired", "withdrawn"]), at: z.string() })
      .exactOptional(),
    /** The next change should have come more than a day ago. */
    overdue: z.boolean(),
  })
  .meta({ title: "SigningKey" });
export type KeyView = z.output<typeof KeyView>;

/** The keys that sign now, by algorithm. */
export const Latest = z.strictObject({
  RS256: Kid.exactOptional(),
  ES256: Kid.exactOptional(),
  EdDSA: Kid.exactOptional(),
});

export function viewKey(row: SigningKeyRow, nowMs: number): KeyView {
  const { kid, algorithm, status, mintedAt } = row;
  const { activatedAt, retiredAt, withdrawnAt, compromisedAt } = row;
  const next = nextChangeOf(row);
  // A standby waits for its turn, however long.
  const waits = next === undefined || next.to === "active";
  const overdue = !waits && Date.parse(next.at) + OVERDUE_AFTER_MS < nowMs;
  return {
    kid,
    algorithm,
    status,
    mintedAt,
    ageSeconds: Math.max(0, Math.floor((nowMs - Date.parse(mintedAt)) / MS_PER_SECOND)),
    ...(activatedAt === undefined ? {} : { activatedAt }),
    ...(retiredAt === undefined ? {} : { retiredAt }),
    ...(withdrawnAt === undefined ? {} : { withdrawnAt }),
    ...(compromisedAt === undefined ? {} : { compromisedAt }),
    ...(next === undefined ? {} : { nextChange: next }),
    overdue,
  };
}

/** The active key of each algorithm. */
export function latestOf(rows: ReadonlyArray<SigningKeyRow>): z.output<typeof Latest> {
  const active = rows.filter(({ status }) => status === "active");
  return Object.fromEntries(active.map(({ algorithm, kid }) => [algorithm, kid]));
}

function nextChangeOf(row: SigningKeyRow): KeyView["nextChange"] {
  const { status, signsFrom, rotatesAt, withdrawnFrom } = row;
  switch (status) {
    case "published":
      return signsFrom === undefined ? undefined : { to: "active", at: signsFrom };
    case "active":
      return rotatesAt === undefined ? undefined : { to: "retired", at: rotatesAt };
    case "retired":
      return withdrawnFrom === undefined ? undefined : { to: "withdrawn", at: withdrawnFrom };
    case "minted":
    case "withdrawn":
    case "compromised":
      return undefined;
    default:
      return status satisfies never;
  }
}
