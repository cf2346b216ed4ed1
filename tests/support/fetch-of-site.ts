import { request as send } from "node:https";

/**
 * `fetch` of a site that this machine serves at a port under a public name, with a certificate for
 * `localhost` that vouches for itself. It follows no redirect.
 */
export const fetchOfSite =
  ({ port, ca }: { readonly port: number; readonly ca: string }): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init);
    const body = Buffer.from(await request.arrayBuffer());
    const { method } = request;
    const { host, pathname, search } = new URL(request.url);
    const there = { host: "127.0.0.1", port, path: pathname + search, servername: "localhost" };
    const headers = { ...Object.fromEntries(request.headers), host };
    return new Promise((resolve, reject) => {
      const sent = send({ ...there, method, headers, ca }, (incoming) => {
        const parts: Array<Buffer> = [];
        incoming.on("data", (part: Buffer) => parts.push(part));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const status = incoming.statusCode ?? 0;
          const told = new Headers();
          for (const [name, value] of Object.entries(incoming.headers)) {
            for (const one of [value ?? []].flat()) told.append(name, one);
          }
          const answer = status === 204 ? null : Buffer.concat(parts);
          resolve(new Response(answer, { status, headers: told }));
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  };
