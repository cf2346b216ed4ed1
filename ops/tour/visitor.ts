import type { JsonObject } from "../../domain/json.ts";

/** What came back from one request. */
export type Answered = {
  readonly status: number;
  readonly body: JsonObject;
  /** The ledger's position after a write. */
  readonly position: number | undefined;
};

/** A browser of the tour: it keeps its cookie, as every browser does. */
export type Visitor = {
  readonly send: (method: string, path: string, body?: JsonObject) => Promise<Answered>;
};

export function visitor(base: string): Visitor {
  let cookie: string | undefined;
  return {
    send: async (method, path, body) => {
      const response = await fetch(new URL(path, base), {
        method,
        headers: {
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...(cookie === undefined ? {} : { cookie }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const [set] = response.headers.getSetCookie();
      if (set !== undefined) cookie = set.split(";", 1)[0];
      const text = await response.text();
      const position = response.headers.get("ledger-position");
      return {
        status: response.status,
        body: text === "" ? {} : (JSON.parse(text) as JsonObject),
        position: position === null ? undefined : Number(position),
      };
    },
  };
}
