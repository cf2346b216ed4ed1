import * as Clock from "effect/Clock";
import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import { expect } from "vitest";
import type { z } from "zod";
import { Consumers } from "../../adapters/ports/consumers.ts";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { Outbox } from "../../adapters/ports/outbox.ts";
import { BODY_BYTES_MAX } from "../../api/http/body.ts";
import { createApi } from "../../api/http/create-api.ts";
import type { Services } from "../../api/http/services.ts";
import type { LogLine, Settings } from "../../api/http/settings.ts";
import { DEFAULT_BRAND } from "../../api/pages/brand.ts";
import { routes } from "../../api/routes.ts";
import { movableClock } from "../support/movable-clock.ts";
import { until } from "../support/until.ts";

export const ORIGIN = "http://localhost:4000";
export const FRIEND = "https://app.example.org";
export const TOKEN = "the-set-up-token-of-this-test";
/** How the addresses of requests begin that do not say where they come from. */
export const ELSEWHERE = "198.18.";
export const PASSWORD = "correct horse battery";

/** Everything a store gives, and how to let go of it. */
export type Backing = {
  readonly services: Context.Context<Services>;
  readonly close: () => Promise<void>;
};
export type MakeServices = () => Promise<Backing>;

export type Ask = {
  readonly cookie?: string | undefined;
  readonly body?: unknown;
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly remoteAddress?: string;
};

export type Heard = {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
  readonly headers: Headers;
  /** What the browser would send next, when the answer sets any: all of it, as one header. */
  readonly cookie: string | undefined;
  readonly position: number;
};

/** One API over one store, asked by real requests; every answer is held to its schema. */
export async function world(makeServices: MakeServices, changed: Partial<Settings> = {}) {
  const backing = await makeServices();
  const lines: Array<LogLine> = [];
  let burnt = false;
  const settings: Settings = {
    url: ORIGIN,
    origins: [FRIEND],
    signUp: "open",
    verifyEmail: "before-tokens",
    mail: "mailbox",
    publicMode: false,
    pages: DEFAULT_BRAND,
    trustProxy: ["10.0.0.0/8"],
    bodyBytesMax: BODY_BYTES_MAX,
    version: "0.0.0-test",
    setupToken: {
      where: { kind: "file", path: "data/setup-token" },
      check: (token) => Effect.sync(() => !burnt && token === TOKEN),
      burn: Effect.sync(() => {
        burnt = true;
      }),
    },
    log: (line) => lines.push(line),
    ...changed,
  };
  const { clock, forward } = movableClock();
  const services = Context.add(backing.services, Clock.Clock, clock);
  const api = createApi(services, settings);

  let visitors = 0;
  /** Everybody comes from somewhere else, so that throttles count only those who say where. */
  const elsewhere = () => {
    const n = ++visitors;
    return `${ELSEWHERE}${n >> 8}.${n & 0xff}`;
  };

  const send = (method: string, path: string, asked: Ask = {}): Promise<Response> => {
    const { cookie, body, raw, headers = {}, remoteAddress = elsewhere() } = asked;
    const bytes = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const request = new Request(new URL(path, ORIGIN), {
      method,
      headers: {
        ...(bytes === undefined ? {} : { "content-type": "application/json" }),
        ...(cookie === undefined ? {} : { cookie }),
        ...headers,
      },
      ...(bytes === undefined ? {} : { body: bytes }),
    });
    return api(request, { remoteAddress });
  };

  const ask = async (method: string, path: string, asked: Ask = {}): Promise<Heard> => {
    const response = await send(method, path, asked);
    const text = await response.text();
    const json = text === "" ? undefined : JSON.parse(text);
    holdToSchema(method, path, response, json);
    const set = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";", 1)[0] ?? "")
      // What marks a browser lets nobody in; who wants to be known by it sends it themselves.
      .filter((pair) => !pair.endsWith("=") && !pair.startsWith("authledger_device="));
    return {
      status: response.status,
      json,
      headers: response.headers,
      cookie: set.length === 0 ? undefined : set.join("; "),
      position: Number(response.headers.get("ledger-position")),
    };
  };

  let people = 0;
  /** Signs somebody up; answers their id, cookie and address. */
  const person = async (name = "person") => {
    const email = `${name}-${++people}@example.org`;
    const heard = await ask("POST", "/v1/sign-up", { body: { email, password: PASSWORD } });
    expect(heard.status).toBe(201);
    return { id: String(heard.json.user.id), cookie: String(heard.cookie), email };
  };
  /** The first architect of this world. */
  const architect = async () => {
    const email = `architect-${++people}@example.org`;
    const heard = await ask("POST", "/v1/setup", {
      body: { token: TOKEN, email, password: PASSWORD },
    });
    expect(heard.status).toBe(201);
    return { id: String(heard.json.user.id), cookie: String(heard.cookie), email };
  };
  /** Somebody to whom the architect gave a role. */
  const withRole = async (role: string, by: { readonly cookie: string }) => {
    const somebody = await person(role);
    const path = `/v1/users/${somebody.id}/roles/${role}`;
    expect((await ask("POST", path, { cookie: by.cookie })).status).toBe(200);
    return somebody;
  };
  const run = <A, E>(effect: Effect.Effect<A, E, Services>) =>
    Effect.runPromise(Effect.provideContext(effect, services));
  /** Heads of both ledgers, to see that nothing was appended: not by mails behind it either. */
  const heads = async () => {
    await until(() => run(mailIsDone));
    return run(
      Effect.gen(function* () {
        const { identity, activity } = yield* Ledgers;
        return [(yield* identity.head).position, (yield* activity.head).position];
      }),
    );
  };
  return {
    ask,
    send,
    person,
    architect,
    withRole,
    run,
    heads,
    /** Lets time pass for the API; what is appended keeps the real time. */
    forward,
    lines,
    settings,
    services,
    api,
    close: backing.close,
  };
}
/** Whether every mail of what happened so far has been queued, sent and recorded. */
const mailIsDone = Effect.gen(function* () {
  const followers = (yield* (yield* Consumers).status).filter(({ name }) => /^mail/.test(name));
  const { waiting } = yield* (yield* Outbox).status;
  return waiting === 0 && followers.every(({ position, head }) => position >= head);
});

export type World = Awaited<ReturnType<typeof world>>;

/** What a route declares it answers is what it answers; what is refused is a problem. */
function holdToSchema(method: string, path: string, { status, headers }: Response, json: unknown) {
  expect(headers.get("request-id"), "every answer has its request id").toMatch(/^[0-9a-f-]{36}$/);
  if (status >= 400) {
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(json).toMatchObject({ status, requestId: headers.get("request-id") });
    expect(JSON.stringify(json)).not.toMatch(/\bat .*\.ts:|node_modules/);
    return;
  }
  const route = routes.find(
    (candidate) =>
      candidate.method === method &&
      new RegExp(`^${candidate.path.replaceAll(/:[A-Za-z]+/g, "[^/]+")}$`).test(
        path.split("?")[0] ?? "",
      ),
  );
  if (route === undefined) return;
  const declared = route.responses[status];
  expect(declared, `${method} ${route.path} declares ${status}`).toBeDefined();
  const schema: z.ZodType | undefined = declared?.schema;
  if (schema === undefined) return expect(json).toBeUndefined();
  const parsed = schema.safeParse(json);
  expect(parsed.error?.issues ?? [], `${method} ${route.path} answers its schema`).toEqual([]);
}
