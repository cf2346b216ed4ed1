import { ORIGIN, type World } from "./world.ts";

/** A page as it came. */
export type Seen = {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** Where it leads, of a redirect. */
  readonly to: string | null;
  /** What the browser would send next, when the answer sets it. */
  readonly cookie: string | undefined;
};

type Looking = {
  readonly cookie?: string | undefined;
  readonly headers?: Record<string, string>;
  readonly remoteAddress?: string;
};

/** A browser before one world: it asks for HTML and sends forms as browsers do. */
export function browserOf(here: () => World) {
  const seen = async (response: Response): Promise<Seen> => {
    const set = response.headers.getSetCookie()[0]?.split(";")[0];
    return {
      status: response.status,
      text: await response.text(),
      headers: response.headers,
      to: response.headers.get("location"),
      cookie: set?.endsWith("=") === true ? undefined : set,
    };
  };
  const look = async (path: string, { cookie, headers = {} }: Looking = {}) =>
    seen(await here().send("GET", path, { cookie, headers: { accept: "text/html", ...headers } }));
  const send = async (
    path: string,
    fields: Readonly<Record<string, string>>,
    { cookie, headers = {}, ...from }: Looking = {},
  ) =>
    seen(
      await here().send("POST", path, {
        ...from,
        cookie,
        raw: new URLSearchParams(fields).toString(),
        headers: {
          accept: "text/html",
          origin: ORIGIN,
          "content-type": "application/x-www-form-urlencoded",
          ...headers,
        },
      }),
    );
  return { look, send };
}
