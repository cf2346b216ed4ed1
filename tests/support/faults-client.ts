/** What a client remembers of an answer. */
export type Answered = {
  readonly status: number;
  /** `Ledger-Position`; 0 where there is none. */
  readonly position: number;
  /** Also the correlation of every event that the request caused. */
  readonly requestId: string;
  /** The session cookie that the answer brought, ready to be sent. */
  readonly cookie: string;
  readonly body: AnswerBody;
};

/** What the fault tests look at in the body of an answer; which of it is there, the route says. */
export type AnswerBody = {
  readonly id: string;
  readonly user: { readonly id: string };
  readonly items: ReadonlyArray<unknown>;
  readonly nextCursor?: string;
  /** Of a problem. */
  readonly code?: string;
};

export type Asked = {
  readonly cookie?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

let visitors = 0;

/**
 * Everybody comes from somewhere else, as a proxy that the servers trust would say it: what is
 * tried here is not how often one network may ask.
 */
export const elsewhere = () => {
  const n = ++visitors;
  return { "x-forwarded-for": `198.18.${(n >> 8) & 0xff}.${n & 0xff}` };
};

/** A server that neither answers nor dies is a failure of the test. */
const ANSWER_DEADLINE_MS = 60_000;

/** One request; throws where the connection broke before the answer was whole. */
export const ask = async (
  base: string,
  route: `${"GET" | "POST" | "PATCH" | "PUT" | "DELETE"} /${string}`,
  { cookie, body, headers }: Asked = {},
): Promise<Answered> => {
  const [method = "", path = ""] = route.split(" ");
  const response = await fetch(`${base}${path}`, {
    method,
    headers: {
      ...elsewhere(),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(cookie === undefined ? {} : { cookie }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWER_DEADLINE_MS),
  });
  const text = await response.text();
  return {
    status: response.status,
    position: Number(response.headers.get("ledger-position") ?? 0),
    requestId: response.headers.get("request-id") ?? "",
    cookie: response.headers.get("set-cookie")?.split(";")[0] ?? "",
    body: text === "" ? undefined : JSON.parse(text),
  };
};
