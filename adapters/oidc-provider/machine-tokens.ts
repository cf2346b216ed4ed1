import type { IncomingMessage, ServerResponse } from "node:http";
import { parse } from "node:querystring";
import type Provider from "oidc-provider";
import type { ClientRow } from "../../projections/clients.ts";
import type { KeySet, OpenidHost, ProtocolRequest } from "../ports/openid-host.ts";
import { resourceInfo } from "./configuration.ts";
import type { Clients } from "./models.ts";
import { type Issued, issuedEvent } from "./recording.ts";

/** Bytes of a body that is looked at here; a larger one is the engine's. */
const BODY_BYTES_MAX = 2_048;

/** Who asks for what, with a secret. */
type Asked = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly resource: string | undefined;
  readonly scopes: ReadonlySet<string>;
};

type Engine = {
  readonly host: OpenidHost;
  readonly provider: Provider;
  readonly keys: KeySet;
  readonly clients: Clients;
};

/**
 * Answers a machine that asks for a token as nearly all do: by its secret, for itself, plainly. The
 * token is the engine's own model, signed, stored and recorded as by it; what is spared is the way
 * through its layers, which costs more than the token. Whatever is not plain, and whatever would be
 * refused, is the engine's: then nothing was read, and nothing is said.
 *
 * Source: RFC 6749, sections 2.3.1 and 4.4; RFC 8707, section 2; RFC 9068.
 */
export async function answerMachine(
  { host, provider, keys, clients }: Engine,
  request: ProtocolRequest,
  { incoming, response }: { readonly incoming: IncomingMessage; readonly response: ServerResponse },
): Promise<boolean> {
  const asked = askedIn(incoming);
  const row = asked && (await host.client(asked.clientId));
  if (asked === undefined || row === undefined || !mayAsk(row)) return false;
  const client = clients.clientOf(row);
  if (client.dpopBoundAccessTokens === true) return false;
  const { resource, scopes, clientSecret } = asked;
  const info = resource === undefined ? undefined : await resourceInfo(host, row, resource);
  if (resource !== undefined && info === undefined) return false;
  if (!(await host.isClientSecret(row, clientSecret))) return false;
  const token = new provider.ClientCredentials({ client, scope: undefined as never });
  if (resource !== undefined && info !== undefined) {
    const server = new provider.ResourceServer(resource, info);
    token.resourceServer = server;
    token.scope = [...scopes].filter((scope) => server.scopes.has(scope)).join(" ") || undefined;
  }
  const value = await token.save();
  const issued = token as unknown as Issued;
  await host.record(request, issuedEvent(host, keys, { token: issued, clientId: row.clientId }));
  const { expiration, scope, tokenType } = token;
  for (const [name, said] of Object.entries(HEADERS)) response.setHeader(name, said);
  response.end(
    JSON.stringify({
      access_token: value,
      expires_in: expiration,
      ...(scope === undefined ? {} : { scope }),
      token_type: tokenType,
    }),
  );
  return true;
}

/** RFC 6749, section 5.1; the rest as the engine has it for whoever asks from no browser. */
const HEADERS = {
  "cache-control": "no-store",
  "content-type": "application/json; charset=utf-8",
  vary: "Origin",
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "DPoP-Nonce,WWW-Authenticate",
};

function mayAsk({ status, grantTypes, tokenEndpointAuthMethod }: ClientRow): boolean {
  return (
    status === "enabled" &&
    grantTypes.includes("client_credentials") &&
    tokenEndpointAuthMethod.startsWith("client_secret_")
  );
}

/** Headers that make a request another one. */
const UNPLAIN = ["dpop", "origin", "transfer-encoding", "content-encoding"];
const FORM = /^application\/x-www-form-urlencoded(?:; ?charset=utf-8)?$/i;
const PLAIN_PARAMETERS = ["grant_type", "scope", "resource", "client_id", "client_secret"];
/** What means the same however it is encoded: RFC 3986, section 2.3. */
const UNRESERVED = /^[\w.~-]+$/;
const BASIC = /^Basic ([A-Za-z0-9+/]+={0,2})$/;
/** RFC 6749, section 3.3. */
const SCOPES = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/** Undefined where anything is not plain. What is read of the body is put back. */
function askedIn(incoming: IncomingMessage): Asked | undefined {
  const { method, headers } = incoming;
  if (method !== "POST" || !FORM.test(headers["content-type"] ?? "")) return undefined;
  if (UNPLAIN.some((name) => headers[name] !== undefined)) return undefined;
  if (Object.keys(headers).some((name) => name.startsWith("oauth-"))) return undefined;
  const body = bodyOf(incoming);
  if (body === undefined) return undefined;
  const form = parse(body);
  if (!Object.keys(form).every((name) => PLAIN_PARAMETERS.includes(name))) return undefined;
  const { grant_type, scope, resource } = form;
  if (grant_type !== "client_credentials") return undefined;
  if (resource !== undefined && (typeof resource !== "string" || resource === "")) return undefined;
  // Scopes without an API are OpenID's, and no machine has them.
  if (scope !== undefined && (resource === undefined || !isScopes(scope))) return undefined;
  const who = credentialsOf(headers.authorization, form);
  if (who === undefined) return undefined;
  return { ...who, resource, scopes: new Set(scope?.split(" ")) };
}

function isScopes(scope: string | ReadonlyArray<string>): scope is string {
  return typeof scope === "string" && SCOPES.test(scope);
}

type Form = ReturnType<typeof parse>;

/** In the header or in the body, never in both. */
function credentialsOf(authorization: string | undefined, { client_id, client_secret }: Form) {
  const isPosted = client_id !== undefined || client_secret !== undefined;
  if ((authorization === undefined) !== isPosted) return undefined;
  const basic = BASIC.exec(authorization ?? "")?.[1];
  const [clientId, clientSecret, ...rest] = isPosted
    ? [client_id, client_secret]
    : Buffer.from(basic ?? "", "base64")
        .toString("utf8")
        .split(":");
  if (rest.length > 0 || !isUnreserved(clientId) || !isUnreserved(clientSecret)) return undefined;
  return { clientId, clientSecret };
}

function isUnreserved(value: string | ReadonlyArray<string> | undefined): value is string {
  return typeof value === "string" && UNRESERVED.test(value);
}

/** The whole body where it came with the headers; it is still there for who reads next. */
function bodyOf(incoming: IncomingMessage): string | undefined {
  const length = Number(incoming.headers["content-length"]);
  if (!(length > 0 && length <= BODY_BYTES_MAX)) return undefined;
  const chunk: unknown = incoming.read();
  if (!Buffer.isBuffer(chunk)) return undefined;
  incoming.unshift(chunk);
  return chunk.length === length ? chunk.toString("latin1") : undefined;
}
