import { expect } from "vitest";
import type { Script, ScriptedIssuer } from "../../support/scripted-issuer.ts";
import type { Ask, Heard, World } from "../world.ts";

/** Cookies of a browser after an answer: what it set replaces what there was. */
export function cookiesAfter(before: string | undefined, heard: Heard): string {
  const kept = new Map<string, string>();
  for (const pair of [before, heard.cookie].flatMap((all) => all?.split("; ") ?? [])) {
    kept.set(pair.split("=", 1)[0] ?? "", pair);
  }
  return [...kept.values()].join("; ");
}

/** Opens a provider for the issuer. */
export async function openAt(
  w: World,
  { url, client }: Pick<ScriptedIssuer, "url" | "client">,
  { cookie, as = "acme" }: { readonly cookie: string; readonly as?: string },
): Promise<void> {
  const body = {
    id: as,
    name: "Acme",
    issuer: url,
    clientId: client.id,
    clientSecret: client.secret,
  };
  const heard = await w.ask("POST", "/v1/providers", { cookie, body });
  expect(heard.status).toBe(201);
}

export type Trip = { readonly to: URL; readonly cookie: string };

/** Sets out to sign in. */
export async function setOut(
  w: World,
  asked: {
    readonly cookie?: string | undefined;
    readonly query?: string;
    readonly id?: string;
  } = {},
): Promise<Trip> {
  const { cookie, query = "", id = "acme" } = asked;
  const heard = await w.ask("GET", `/v1/providers/${id}/start${query}`, { cookie });
  expect(heard.status).toBe(303);
  return {
    to: new URL(String(heard.headers.get("location"))),
    cookie: cookiesAfter(cookie, heard),
  };
}

/** Comes back with what the issuer, or somebody, gave. */
export async function comeBack(
  w: World,
  { cookie }: { readonly cookie: string | undefined },
  query: URLSearchParams,
  { id = "acme", ...asked }: Ask & { readonly id?: string } = {},
) {
  const heard = await w.ask("GET", `/v1/providers/${id}/callback?${query}`, { cookie, ...asked });
  return { ...heard, cookie: cookiesAfter(cookie, heard), led: heard.headers.get("location") };
}

/** A whole trip of somebody whom the issuer knows as the script says. */
export async function travel(
  w: World,
  issuer: ScriptedIssuer,
  said: Script,
  asked: { readonly cookie?: string | undefined; readonly query?: string } = {},
) {
  const trip = await setOut(w, asked);
  return comeBack(w, trip, issuer.back(trip.to, said));
}

/** Who somebody is now, by their cookies. */
export async function whoIs(w: World, cookie: string) {
  const heard = await w.ask("GET", "/v1/session", { cookie });
  expect(heard.status).toBe(200);
  return heard.json;
}
