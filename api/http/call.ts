import type { JsonObject } from "../../domain/json.ts";
import type { Caller } from "../session/caller.ts";
import type { Presented } from "./cookies.ts";
import type { Settings } from "./settings.ts";

/** Where a reader wants to stand: a position, or a time whose position is still to be found. */
export type AsOf = { readonly position: number } | { readonly time: string };

/** One request, as far as the kernel understands it. */
export type RequestContext = {
  readonly settings: Settings;
  /** Our own UUID; also the correlation of every event that the request causes. */
  readonly requestId: string;
  /** Names the request's appends: the same for a repeat under one idempotency key. */
  readonly commandId: string;
  readonly caller: Caller | undefined;
  readonly address: string | undefined;
  readonly headers: Headers;
  readonly asOf: AsOf | undefined;
  /** The position that the caller wants the answer to know; the route's read models know it. */
  readonly atLeast?: number | undefined;
  /** The cookie that says who asks, checked again by answers that take long. */
  readonly presented: Presented | undefined;
  /** Aborts when the server stops. */
  readonly stopping: AbortSignal | undefined;
};

/** What a handler is given. */
export type Call<Params, Query, Body, Who = Caller> = Omit<RequestContext, "caller"> & {
  readonly caller: Who;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
};

/** What a handler answers; the kernel adds the headers that every answer has. */
export type Answer = {
  readonly status: number;
  readonly body?: JsonObject;
  /** A whole document instead of JSON. */
  readonly html?: string;
  /** A text of another kind instead of JSON. */
  readonly text?: { readonly contentType: string; readonly content: string };
  /** Where to go instead, with a status of 303. */
  readonly redirect?: string;
  /** Of the last identity event that the request appended. */
  readonly position?: number | undefined;
  /** Headers of its own. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `Set-Cookie` values, each a header of its own. */
  readonly cookies?: ReadonlyArray<string>;
  /** JSON that is written while it is read from the store: it may be long. */
  readonly document?: ReadableStream<Uint8Array>;
  /** Server-sent events instead of a body. */
  readonly events?: ReadableStream<Uint8Array>;
};
