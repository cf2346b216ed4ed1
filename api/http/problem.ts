import * as Data from "effect/Data";
import * as Effect from "effect/Effect";

export type ProblemFields = {
  readonly status: number;
  /** Stable: programs may compare it. */
  readonly code: string;
  /** Dotted path of the offending body field, or the parameter or header. */
  readonly field?: string;
  /** Which role would have been enough, on a 403. */
  readonly requires?: string;
  /** How many stand in the way. */
  readonly count?: number;
  readonly retryAfterMs?: number;
};

/** A request that is refused, as the caller will read it (RFC 9457). */
export class Problem extends Data.TaggedError("Problem")<ProblemFields> {
  override get message() {
    return `${this.status} ${this.code}`;
  }
}

/** Fails with a problem: `return yield* refuse(409, "email_taken")`. */
export function refuse(
  status: number,
  code: string,
  more: Omit<ProblemFields, "status" | "code"> = {},
): Effect.Effect<never, Problem> {
  return Effect.fail(new Problem({ status, code, ...more }));
}

const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** `application/problem+json` with the request id; never a stack, never personal data. */
export function problemResponse(problem: ProblemFields, requestId: string): Response {
  const { status, code, field, requires, count, retryAfterMs } = problem;
  const body = {
    title: titles[status] ?? "Error",
    status,
    code,
    ...(field === undefined ? {} : { field }),
    ...(requires === undefined ? {} : { requires }),
    ...(count === undefined ? {} : { count }),
    requestId,
  };
  const headers = new Headers({ "content-type": "application/problem+json" });
  if (retryAfterMs !== undefined) {
    headers.set("retry-after", String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  }
  if (status === 401) headers.set("www-authenticate", 'Cookie realm="authledger"');
  return new Response(JSON.stringify(body), { status, headers });
}
