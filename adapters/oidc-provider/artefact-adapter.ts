import type { Adapter, AdapterPayload, KoaContextWithOIDC } from "oidc-provider";
import { ACCESS_TOKEN_SECONDS_MAX } from "../../domain/client/mod.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { FamilyEndReason } from "../../domain/token-family/mod.ts";
import { ARTEFACT_KINDS, type Artefact, type ArtefactKind } from "../ports/artefacts.ts";
import type { OpenidHost } from "../ports/openid-host.ts";
import { errors } from "./engine.ts";
import { keepGrant } from "./grants.ts";
import { structuredToken } from "./introspection.ts";
import { presenceOf, workedOn } from "./presence.ts";
import { graced, openFamily, SUCCESSOR_GRACE_MS } from "./refresh-tokens.ts";
import { sessionAdapter } from "./session-adapter.ts";
import { admitStranger } from "./throttle.ts";

/**
 * A code is kept for so much longer than it is good, in milliseconds: whoever uses it again is
 * known for it, and what it gave is revoked. No access token lives longer.
 */
const CODE_KEPT_MS = ACCESS_TOKEN_SECONDS_MAX * 1000;

/** What the engine stores, over our artefacts: one adapter a model. */
export function artefactAdapter(host: OpenidHost): (name: string) => Adapter {
  return (name) => {
    if (name === "Session") return sessionAdapter(host);
    return new Stored(host, isKind(name) ? name : undefined);
  };
}

function isKind(name: string): name is ArtefactKind {
  return (ARTEFACT_KINDS as ReadonlyArray<string>).includes(name);
}

class Stored implements Adapter {
  readonly #host: OpenidHost;
  readonly #kind: ArtefactKind | undefined;

  constructor(host: OpenidHost, kind: ArtefactKind | undefined) {
    this.#host = host;
    this.#kind = kind;
  }

  /** Nothing of a kind that we do not keep is ever there. */
  get kind(): ArtefactKind {
    if (this.#kind === undefined) throw new errors.InvalidRequest("not supported");
    return this.#kind;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn: number): Promise<void> {
    const { artefacts, nowMs } = this.#host;
    const ctx = workedOn();
    // A browser that nobody is signed in with leaves a row behind for each request that it begins.
    if (this.kind === "Interaction" && ctx !== undefined && presenceOf(ctx).session === undefined) {
      await admitStranger(this.#host, ctx);
    }
    await keepGrant(payload.grantId);
    const { jti: _, userCode, ...kept } = payload;
    // A device's code is also found by what a person types, so the sealed payload has it.
    const own =
      this.kind === "DeviceCode"
        ? { ...kept, userCode, deviceCode: id }
        : this.kind === "Interaction"
          ? { begunMs: nowMs(), ...kept }
          : kept;
    const isKept = await artefacts.put(this.kind, id, {
      payload: own as unknown as JsonObject,
      expiresAtMs:
        nowMs() + expiresIn * 1000 + (this.kind === "AuthorizationCode" ? CODE_KEPT_MS : 0),
      ...(payload.grantId === undefined || this.kind === "Interaction"
        ? {}
        : { grant: payload.grantId }),
      ...(userCode === undefined ? {} : { userCode }),
    });
    if (isKept && this.kind === "RefreshToken" && payload["rotations"] === 0) {
      await openFamily(this.#host, payload, expiresIn);
    }
    if (!isKept) throw new errors.InvalidGrant("what it was asked for with was revoked");
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    if (this.#kind === undefined) return undefined;
    const structured = this.#kind === "AccessToken" ? structuredToken(id, workedOn()) : undefined;
    if (structured !== undefined) return structured;
    const found = await this.#host.artefacts.find(this.#kind, id);
    if (found === undefined) return undefined;
    const payload = payloadOf(found, id);
    switch (this.#kind) {
      case "Grant":
        return (await this.#host.grantStands(found.payload)) ? payload : undefined;
      case "RefreshToken":
        return (await graced(this.#host, id, found))
          ? { ...payload, consumed: undefined }
          : payload;
      case "AuthorizationCode":
        await this.#tellReplay(payload);
        return payload;
      case "ClientCredentials":
        return (await this.#host.client(payload.clientId ?? ""))?.status === "enabled"
          ? payload
          : undefined;
      default:
        return payload;
    }
  }

  /** Of a code that is no longer good the engine does not look whether it came twice. */
  async #tellReplay({ clientId, consumed, exp = 0, grantId }: AdapterPayload): Promise<void> {
    const isLate = exp <= Math.floor(Date.now() / 1000);
    const isTheirs = workedOn()?.oidc.client?.clientId === clientId;
    if (consumed === undefined || !isLate || !isTheirs || grantId === undefined) return;
    await this.#revoke(grantId);
  }

  /** What a person typed. Who guesses is counted by their network, signed in or not. */
  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    const ctx = workedOn();
    if (ctx !== undefined) await admitStranger(this.#host, ctx);
    const found = await this.#host.artefacts.findByUserCode(userCode);
    return found && payloadOf(found, String(found.payload["deviceCode"]));
  }

  /** Only sessions are found so, and they have an adapter of their own. */
  async findByUid(): Promise<undefined> {
    return undefined;
  }

  async consume(id: string): Promise<void> {
    const found = await this.#host.artefacts.find(this.kind, id);
    if (await this.#host.artefacts.consume(this.kind, id)) return;
    // Several who refresh at once get the same successor: none of them is a thief.
    if (this.kind === "RefreshToken" && isRecent(this.#host, found)) return;
    // Somebody else was first: what they got is worth nothing from here on.
    const { grantId } = found?.payload ?? {};
    if (typeof grantId === "string") await this.#revoke(grantId);
    throw new errors.InvalidGrant("it was used already");
  }

  async destroy(id: string): Promise<void> {
    if (this.kind === "Grant") await this.#host.artefacts.revokeGrant(id);
    else await this.#host.artefacts.remove(this.kind, id);
  }

  /** Asked of each model, and done once: with the grant all of it is gone. */
  async revokeByGrantId(grantId: string): Promise<void> {
    if (this.kind === "RefreshToken") await this.#revoke(grantId);
    else await this.#host.artefacts.revokeGrant(grantId);
  }

  async #revoke(grantId: string): Promise<void> {
    await this.#host.artefacts.revokeGrant(grantId);
    const ctx = workedOn();
    if (ctx === undefined) return;
    const reason = familyEnd(ctx);
    await this.#host.familyRevoked(presenceOf(ctx).request, { familyId: grantId, reason });
  }
}

/** With its id again, and with the time that it was consumed at, in seconds since 1970. */
function payloadOf({ payload, consumedAtMs }: Artefact, id: string): AdapterPayload {
  return {
    ...payload,
    jti: id,
    ...(consumedAtMs === undefined ? {} : { consumed: Math.floor(consumedAtMs / 1000) }),
  } as AdapterPayload;
}

/** Why a line of refresh tokens ends, by what was asked for when it did. */
function familyEnd({ oidc }: KoaContextWithOIDC): FamilyEndReason {
  switch (oidc.route) {
    case "token":
      return oidc.params?.["grant_type"] === "refresh_token" ? "reuse" : "code-replayed";
    case "revocation":
      return "revoked";
    default:
      return "signed-out";
  }
}

function isRecent({ nowMs }: OpenidHost, found: Artefact | undefined): boolean {
  if (found === undefined) return false;
  return nowMs() - (found.consumedAtMs ?? nowMs()) <= SUCCESSOR_GRACE_MS;
}
