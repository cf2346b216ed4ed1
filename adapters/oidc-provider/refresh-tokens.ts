import type { AdapterPayload } from "oidc-provider";
import type { Artefact } from "../ports/artefacts.ts";
import type { OpenidHost } from "../ports/openid-host.ts";
import type { StandingGrant } from "./grants.ts";
import { presenceOf, workedOn } from "./presence.ts";

/**
 * How long a refresh token that was replaced still answers the one that took its place, in
 * milliseconds, while that is unused: an answer that was lost on its way is not a theft.
 */
export const SUCCESSOR_GRACE_MS = 10_000;

/**
 * The refresh token that takes another's place: derived, so that whoever asks again gets the same.
 *
 * Shape: 43 characters of base64url, 256 bits.
 */
export function successorOf({ secretOf }: OpenidHost, token: string): string {
  return Buffer.from(secretOf("refresh-token-successor", token)).toString("base64url");
}

/** The id of the refresh token that is about to be saved, where it takes another's place. */
export function rotatedId(host: OpenidHost): string | undefined {
  const before = workedOn()?.oidc.entities.RotatedRefreshToken?.jti;
  return before === undefined ? undefined : successorOf(host, before);
}

/** Whether a token that was replaced is taken once more: at once, and before its successor. */
export async function graced(host: OpenidHost, id: string, token: Artefact): Promise<boolean> {
  const { consumedAtMs } = token;
  if (consumedAtMs === undefined) return false;
  if (host.nowMs() - consumedAtMs > SUCCESSOR_GRACE_MS) return false;
  const successor = await host.artefacts.find("RefreshToken", successorOf(host, id));
  return successor === undefined || successor.consumedAtMs === undefined;
}

/** Writes down that a line of refresh tokens begins, before its first one is given out. */
export async function openFamily(
  host: OpenidHost,
  payload: AdapterPayload,
  expiresInSeconds: number,
): Promise<void> {
  const ctx = workedOn();
  const { accountId = "", clientId = "", grantId = "", scope = "" } = payload;
  const resource = payload["resource"] as string | ReadonlyArray<string> | undefined;
  const { sessionUid } = (ctx?.oidc.entities.Grant ?? {}) as Pick<StandingGrant, "sessionUid">;
  await host.familyOpened(presenceOf(ctx).request, {
    familyId: grantId,
    userId: accountId,
    clientId,
    scopes: scope === "" ? [] : scope.split(" "),
    audiences: [resource ?? []].flat(),
    ...(sessionUid === undefined ? {} : { sessionId: sessionUid }),
    expiresAtMs: host.nowMs() + expiresInSeconds * 1000,
  });
}
