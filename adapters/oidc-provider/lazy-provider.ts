import type { OpenidHost } from "../ports/openid-host.ts";
import { handles, type OpenidProvider } from "./paths.ts";
import { refuse } from "./refuse.ts";

/** The protocol, whose engine is loaded when it is first asked, or before. */
export type LazyProvider = OpenidProvider & {
  /** Loads the engine: for a server that will be asked soon. */
  readonly load: () => Promise<unknown>;
};

/**
 * The protocol over a host. The engine is 44 MiB and a quarter of a second of work, which a server
 * that has no application does without.
 */
export function lazyProvider(host: OpenidHost): LazyProvider {
  let loading: Promise<OpenidProvider> | undefined;
  const load = () => {
    loading ??= import("./provider.ts").then(({ openidProvider }) => openidProvider(host));
    return loading;
  };
  return {
    handles,
    load,
    listener: async (incoming, response) => {
      const begun = performance.now();
      const provider = await load().catch((cause: unknown) => {
        // The next request tries anew: what was missing may be there by then.
        loading = undefined;
        const { url: target = "", headers, socket } = incoming;
        const request = host.received({ target, headers }, socket.remoteAddress);
        host.failed(request, cause);
        refuse(response);
        const durationMs = performance.now() - begun;
        host.answered(request, { route: "/oauth2", status: response.statusCode, durationMs });
      });
      return provider?.listener(incoming, response);
    },
  };
}
