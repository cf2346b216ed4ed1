import type { JsonObject } from "../../domain/json.ts";

/** What came back from one request. */
export type Answered = {
  readonly status: number;
  readonly body: JsonObject;
  /** The ledger's position after a write. */
  readonly position: number | undefined;
};

/** A browser of the tour: it keeps its cookies, as every browser does. */
export type Visitor = {
  readonly send: (method: string, path: string, body?: JsonObject) => Promise<Answered>;
  /** Goes where redirects lead; answers the path that shows something, without its query. */
  readonly follow: (url: string) => Promise<string>;
};

/** Redirects in a row at most. */
const HOPS_MAX = 20;

export function visitor(base: string): Visitor {
  const cookies = new Map<string, string>();
  const ask = async (url: URL, init: RequestInit & { headers?: Record<string, string> }) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...init.headers, ...(cookie === "" ? {} : { cookie }) };
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ""] = set.split(";", 1);
      const at = pair.indexOf("=");
      if (at + 1 < pair.length) cookies.set(pair.slice(0, at), pair.slice(at + 1));
      else cookies.delete(pair.slice(0, at));
    }
    return response;
  };
  return {
    send: async (method, path, body) => {
      const response = await ask(new URL(path, base), {
        method,
        ...(body === undefined
          ? {}
          : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const position = response.headers.get("ledger-position");
      return {
        status: response.status,
        body: text === "" ? {} : (JSON.parse(text) as JsonObject),
        position: position === null ? undefined : Number(position),
      };
    },
    follow: async (from) => {
      let url = new URL(from, base);
      for (let hop = 0; hop < HOPS_MAX; hop += 1) {
        const response = await ask(url, {});
        await response.arrayBuffer();
        const onward = response.headers.get("location");
        if (onward === null) break;
        url = new URL(onward, url);
      }
      return url.pathname;
    },
  };
}
