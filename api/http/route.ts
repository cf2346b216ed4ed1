import * as Effect from "effect/Effect";
import { z } from "zod";
import type { ApiScope } from "../../domain/client/mod.ts";
import { type Caller, type SessionCaller, sessionOf } from "../session/caller.ts";
import { type Gate, passGate } from "../session/gate.ts";
import type { Answer, Call, RequestContext } from "./call.ts";
import type { Failure } from "./failure.ts";
import { parseInput } from "./input.ts";
import { Problem, refuse } from "./problem.ts";
import type { Services } from "./services.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What one status means; `schema` is checked by the tests and shown in the OpenAPI document. */
export type ResponseShape = {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Default `application/json`. */
  readonly contentType?: string;
};

/** Everything about a route that can be said without running it. */
export type RouteFacts = {
  readonly method: Method;
  /** With `:name` for parameters. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly responses: Readonly<Record<number, ResponseShape>>;
  /** Codes of refusals that are this route's own, by status. */
  readonly problems?: Readonly<Record<number, ReadonlyArray<string>>>;
  /** A POST that only asks: it is a read in all but its method, which leaves room for a body. */
  readonly asks?: true;
  /** A GET that changes something, because it is where a browser comes from elsewhere. */
  readonly acts?: true;
  /**
   * Of a protocol's own: parameters that nobody knows are ignored, and a POST is a form that a
   * browser brings from another origin, which must change nothing.
   */
  readonly protocol?: true;
  /** Read models that the answer is made from: `at_least` of a read waits for them. */
  readonly reads?: ReadonlyArray<string>;
  /** Nobody does it in the name of another: refused to an impersonator, 403 impersonating. */
  readonly ownPersonOnly?: true;
  /** Nobody does it with a screen that somebody left open: 403 elevation_required. */
  readonly stepUp?: true;
  /** Query parameters that may be repeated: they come as lists. */
  readonly repeats?: ReadonlyArray<string>;
  /** The verify cookie is enough: it only asks who is signed in. */
  readonly takesVerifyCookie?: true;
  /** Its answer hands out a credential, so no idempotency answer is kept of it. */
  readonly handsOutSession?: true;
  /** Clients speak OAuth to it: what is refused has OAuth's own shape. */
  readonly oauth?: true;
  /** Takes `as_of`. */
  readonly asOf?: boolean;
  /** An access token for our own API does as well, when it has this scope, or with any. */
  readonly scope?: ApiScope | "any";
};

type Schemas<P, Q, B> = { readonly params?: P; readonly query?: Q; readonly body?: B };

/** Params, query and body before they are parsed. */
export type RawInput = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | ReadonlyArray<string>>>;
  readonly body: unknown;
};

/** A route in the table: facts, schemas, and one function that parses and answers. */
export type Route = RouteFacts &
  Schemas<z.ZodObject, z.ZodObject, z.ZodType> & {
    readonly auth: "public" | Gate;
    /** May change something. */
    readonly writes: boolean;
    /** Honours `Idempotency-Key`. */
    readonly idempotent: boolean;
    readonly answer: (
      context: RequestContext,
      input: RawInput,
    ) => Effect.Effect<Answer, Failure, Services>;
  };

type Definition<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  B extends z.ZodType,
  Who,
> = RouteFacts &
  Schemas<P, Q, B> & {
    readonly handler: (
      call: Call<z.output<P>, z.output<Q>, z.output<B>, Who>,
    ) => Effect.Effect<Answer, Failure, Services>;
  };

const writes = ({ method, asks, acts }: RouteFacts): boolean =>
  acts === true || (method !== "GET" && asks !== true);

const Nothing = z.strictObject({});
type Nothing = typeof Nothing;

/** A route for everybody; a caller is known if they happen to be signed in. */
export function publicRoute<
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = Nothing,
>(definition: Definition<P, Q, B, SessionCaller | undefined>): Route {
  return {
    ...definition,
    auth: "public",
    writes: writes(definition),
    idempotent: false,
    answer: (context, input) =>
      Effect.flatMap(parsed(definition, input), (values) =>
        definition.handler({ ...context, caller: sessionOf(context.caller), ...values }),
      ),
  };
}

/** A route behind a gate: any session, or a session with one of some roles. */
export function route<
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = Nothing,
>(
  definition: Definition<P, Q, B, SessionCaller> & {
    readonly auth: Gate;
    readonly scope?: never;
  },
): Route {
  return gated(definition, (caller) => {
    const own = sessionOf(caller);
    return own === undefined ? refuse(401, "unauthenticated") : Effect.succeed(own);
  });
}

/** A route behind a gate that programs pass too, with an access token that has the scope. */
export function scopedRoute<
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = Nothing,
>(
  definition: Definition<P, Q, B, Caller> & {
    readonly auth: Gate;
    readonly scope: ApiScope | "any";
  },
): Route {
  return gated(definition, Effect.succeed);
}

function gated<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, Who>(
  definition: Definition<P, Q, B, Who> & { readonly auth: Gate },
  who: (caller: Caller) => Effect.Effect<Who, Problem>,
): Route {
  return {
    ...definition,
    writes: writes(definition),
    idempotent: writes(definition) && definition.handsOutSession !== true,
    answer: (context, input) =>
      Effect.gen(function* () {
        const caller = yield* who(yield* passGate(definition, context.caller));
        const values = yield* parsed(definition, input);
        return yield* definition.handler({ ...context, caller, ...values });
      }),
  };
}

/** A malformed id in a path names nothing: it is not found, like any other unknown id. */
function parsed<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  schemas: Schemas<P, Q, B>,
  input: RawInput,
) {
  const { params, query, body } = schemas;
  if (params !== undefined && !params.safeParse(input.params).success) {
    return refuse(404, "not_found");
  }
  return Effect.try({
    try: () => ({
      params: parseInput(params ?? Nothing, input.params) as z.output<P>,
      query: parseInput(query ?? Nothing, input.query) as z.output<Q>,
      body: parseInput(body ?? Nothing, input.body === undefined ? {} : input.body) as z.output<B>,
    }),
    catch: asProblem,
  });
}

/** What a parser threw: a problem stays one, anything else is a defect. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  throw thrown;
}
