import type { IncomingMessage, ServerResponse } from "node:http";
import type { KoaContextWithOIDC } from "oidc-provider";

/** Headers that go with the metadata, as the engine says them. */
const NAMES = [
  "content-type",
  "vary",
  "access-control-allow-origin",
  "access-control-expose-headers",
];

/** What an engine says of itself, as it said it first: it says the same until it is replaced. */
export type KeptMetadata = {
  readonly keep: (ctx: KoaContextWithOIDC) => void;
  /** Whether it could be answered from what is kept. */
  readonly answer: (incoming: IncomingMessage, response: ServerResponse) => boolean;
};

/**
 * The discovery documents of one engine. A browser of another origin is answered by the engine: to
 * it the headers differ.
 *
 * Source: OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3.
 */
export function keptMetadata(): KeptMetadata {
  const kept = new Map<
    string,
    { readonly body: string; readonly headers: ReadonlyArray<Header> }
  >();
  return {
    keep: ({ oidc, req, status, body, response }) => {
      if (oidc.route !== "discovery" || !isPlain(req) || status !== 200) return;
      const said = NAMES.map((name) => [name, response.get(name)] as const);
      const headers = said.filter(([, value]) => Boolean(value));
      kept.set(req.url ?? "", { body: JSON.stringify(body), headers });
    },
    answer: (incoming, response) => {
      const found = isPlain(incoming) ? kept.get(incoming.url ?? "") : undefined;
      if (found === undefined) return false;
      for (const [name, value] of found.headers) response.setHeader(name, value);
      response.end(found.body);
      return true;
    },
  };
}

type Header = readonly [name: string, value: string];

const PATHS = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

function isPlain({ method, url, headers }: IncomingMessage): boolean {
  return method === "GET" && PATHS.includes(url ?? "") && headers.origin === undefined;
}
