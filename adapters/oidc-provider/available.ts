import { HostUnavailable, type OpenidHost } from "../ports/openid-host.ts";
import { errors } from "./engine.ts";

/**
 * The host, failing as the protocol says it: `temporarily_unavailable` with a status of 503.
 *
 * Source: RFC 6749, section 4.1.2.1; RFC 9110, section 15.6.4.
 */
export function available(host: OpenidHost): OpenidHost {
  return { ...translated(host), artefacts: translated(host.artefacts) };
}

function translated<Functions extends object>(functions: Functions): Functions {
  const entries = Object.entries(functions).map(([name, member]) => [
    name,
    typeof member === "function"
      ? (...given: ReadonlyArray<unknown>) => translate(() => member(...given))
      : member,
  ]);
  return Object.fromEntries(entries) as Functions;
}

function translate(call: () => unknown): unknown {
  const answer = call();
  return answer instanceof Promise
    ? answer.catch((cause: unknown) => {
        throw cause instanceof HostUnavailable ? unavailable() : cause;
      })
    : answer;
}

function unavailable(): Error {
  const error = new errors.TemporarilyUnavailable("try again in a moment");
  return Object.assign(error, { status: 503, statusCode: 503 });
}
