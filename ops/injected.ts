import type { RequestListener } from "node:http";
import inject from "light-my-request";

/** What an answer of a status without a body must not have. Source: RFC 9110, section 6.4.1. */
const BODILESS = new Set([101, 204, 205, 304]);

/** Asks a listener of node:http by a `Request`, without a socket. */
export async function injected(
  listener: (...given: Parameters<RequestListener>) => void,
  request: Request,
  { remoteAddress }: { readonly remoteAddress?: string | undefined },
): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
  const answer = await inject(listener as never, {
    method: request.method as "GET",
    url: `${pathname}${search}`,
    headers: Object.fromEntries(request.headers),
    ...(body === undefined ? {} : { payload: body }),
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
  });
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const one of [value].flat()) if (one !== undefined) headers.append(name, String(one));
  }
  const { statusCode: status, rawPayload } = answer;
  return new Response(BODILESS.has(status) ? null : new Uint8Array(rawPayload), {
    status,
    headers,
  });
}
