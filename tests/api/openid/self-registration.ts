import * as Effect from "effect/Effect";
import { expect } from "vitest";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { CALLBACK, type OpenidWorld } from "../openid-world.ts";

type Told = {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
};

/** What an application says of itself. */
export const SHOP = { client_name: "Shop", redirect_uris: [CALLBACK] };

/** Applications that register themselves, over a socket. */
export function selfRegistration(here: () => OpenidWorld) {
  const issue = async (body: object = {}, by: { readonly cookie: string } = here().owner) => {
    const heard = await here().ask("POST", "/v1/registration-tokens", { cookie: by.cookie, body });
    expect(heard.status, JSON.stringify(heard.json)).toBe(201);
    return heard.json as {
      readonly id: string;
      readonly token: string;
      readonly expiresAt: string;
    };
  };
  const tell = async (
    method: string,
    path: string,
    { token, body, raw }: { token?: string; body?: unknown; raw?: string } = {},
  ): Promise<Told> => {
    const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(new URL(path, here().url), {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(text === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(text === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      json: answer === "" ? undefined : JSON.parse(answer),
    };
  };
  const register = (token: string | undefined, body: unknown = SHOP) =>
    tell("POST", "/oauth2/register", { ...(token === undefined ? {} : { token }), body });
  const registered = async (body: unknown = SHOP) => {
    const heard = await register((await issue()).token, body);
    expect(heard.status, JSON.stringify(heard.json)).toBe(201);
    return heard.json;
  };
  const listed = async (id: string) => {
    const { json } = await here().ask("GET", "/v1/registration-tokens?limit=200", here().owner);
    return json.items.find((item: { id: string }) => item.id === id);
  };
  const eventsOf = (stream: string) =>
    here().run(Effect.flatMap(Ledgers, ({ identity }) => identity.read({ stream })));
  return { issue, tell, register, registered, listed, eventsOf };
}
