import { afterAll, beforeAll, expect } from "vitest";
import { type Script, type ScriptedIssuer, scriptedIssuer } from "../../support/scripted-issuer.ts";
import type { Stage } from "../suite.ts";
import { PASSWORD, type World } from "../world.ts";
import { comeBack, openAt } from "./provider-trips.ts";

/** A world in which people may come from Acme, an issuer that answers what a test says. */
export function acme({ here, fresh }: Stage) {
  let [made, owned]: [ScriptedIssuer | undefined, { readonly cookie: string } | undefined] = [
    undefined,
    undefined,
  ];
  const w: () => World = here;
  const issuer = () => made ?? expect.unreachable("no issuer yet");
  const owner = () => owned ?? expect.unreachable("no architect yet");
  beforeAll(async () => {
    made = await scriptedIssuer();
    owned = await w().architect();
    await openAt(w(), made, owned);
  });
  afterAll(() => issuer().close());

  let people = 0;
  const subject = () => `subject-${++people}`;
  const address = (name = "new") => `${name}-from-acme-${++people}@example.org`;
  /** Somebody for whose address the issuer vouches. */
  const vouched = (email: string): Script => ({
    sub: subject(),
    claims: { email, email_verified: true, name: "Ada from Acme" },
  });
  const linking = async (cookie: string) => {
    const heard = await w().ask("POST", "/v1/providers/acme/link", { cookie, body: {} });
    expect(heard.status).toBe(200);
    return { to: new URL(heard.json.redirectTo), cookie: `${cookie}; ${heard.cookie}` };
  };
  /** Links what the script says in somebody's own session. */
  const link = async (cookie: string, said: Script) => {
    const trip = await linking(cookie);
    return comeBack(w(), trip, issuer().back(trip.to, said));
  };
  /** Somebody with a proved address: they linked an account that vouches for it. */
  const proved = async (name = "known") => {
    const person = await w().person(name);
    const back = await link(person.cookie, vouched(person.email));
    expect(back.led).toBe("/account/accounts?done=accountLinked");
    return person;
  };
  const accountsOf = async (cookie: string) =>
    (await w().ask("GET", "/v1/me/accounts", { cookie })).json.items as ReadonlyArray<{
      readonly id: string;
      readonly provider: string;
      readonly providerSubject?: string;
    }>;
  const elevated = async () => {
    const { cookie } = owner();
    const body = { password: PASSWORD };
    const heard = await w().ask("POST", "/v1/session/elevate", { cookie, body });
    expect(heard.status).toBe(204);
    owned = { cookie: String(heard.cookie) };
    return owned;
  };
  return {
    w,
    fresh,
    issuer,
    owner,
    subject,
    address,
    vouched,
    linking,
    link,
    proved,
    accountsOf,
    elevated,
  };
}

export type Acme = ReturnType<typeof acme>;
