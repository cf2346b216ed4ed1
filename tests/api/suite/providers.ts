import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openByEnvironment } from "../../support/environment-provider.ts";
import { magicLink } from "../../support/mailed-links.ts";
import { type Script, type ScriptedIssuer, scriptedIssuer } from "../../support/scripted-issuer.ts";
import type { Stage } from "../suite.ts";
import { PASSWORD, TOKEN, type World } from "../world.ts";
import { comeBack, openAt, setOut, travel, whoIs } from "./provider-trips.ts";

/** People who come from another issuer. */
export function providerTests({ here, fresh }: Stage): void {
  let [w, issuer, owner]: [World, ScriptedIssuer, Awaited<ReturnType<World["architect"]>>] = [
    undefined as never,
    undefined as never,
    undefined as never,
  ];
  beforeAll(async () => {
    issuer = await scriptedIssuer();
    w = here();
    owner = await w.architect();
    await openAt(w, issuer, owner);
  });
  afterAll(() => issuer.close());

  let people = 0;
  const subject = () => `subject-${++people}`;
  const address = (name = "new") => `${name}-from-acme-${++people}@example.org`;
  const vouched = (email: string): Script => ({
    sub: subject(),
    claims: { email, email_verified: true, name: "Ada from Acme" },
  });
  const proved = async (name = "known") => {
    const person = await w.person(name);
    // Whoever comes with a vouched address and links in their own session has proved it.
    const trip = await linking(person.cookie);
    const back = await comeBack(w, trip, issuer.back(trip.to, vouched(person.email)));
    expect(back.led).toBe("/account/accounts?done=accountLinked");
    return person;
  };
  const linking = async (cookie: string) => {
    const heard = await w.ask("POST", "/v1/providers/acme/link", { cookie, body: {} });
    expect(heard.status).toBe(200);
    return { to: new URL(heard.json.redirectTo), cookie: `${cookie}; ${heard.cookie}` };
  };
  const accountsOf = async (cookie: string) =>
    (await w.ask("GET", "/v1/me/accounts", { cookie })).json.items as ReadonlyArray<{
      readonly id: string;
      readonly provider: string;
      readonly providerSubject?: string;
    }>;

  describe("signing in", () => {
    test("a stranger becomes a user whose address the provider vouches for", async () => {
      const email = address();
      const said = vouched(email);
      const first = await travel(w, issuer, said);
      expect([first.status, first.led]).toEqual([303, "/account?done=signUp"]);
      const { user, session } = await whoIs(w, first.cookie);
      expect(user).toMatchObject({ email, emailVerified: true, name: "Ada from Acme" });
      expect(user).toMatchObject({ roles: ["user"], methods: [] });
      expect(session.method).toBe("provider");
      const again = await travel(w, issuer, said);
      expect(again.led).toBe("/account");
      expect((await whoIs(w, again.cookie)).user.id).toBe(user.id);
      expect(await accountsOf(again.cookie)).toMatchObject([
        { provider: "acme", providerSubject: said.sub },
      ]);
    });

    test("an address that nobody vouches for is not kept; none is no hindrance", async () => {
      for (const claims of [
        {},
        { email: address() },
        { email: address(), email_verified: false },
      ]) {
        const back = await travel(w, issuer, { sub: subject(), claims });
        const { user } = await whoIs(w, back.cookie);
        expect([user.email, user.emailVerified]).toEqual([undefined, false]);
      }
    });

    test("what the ID token leaves out is asked for at userinfo, address and proof as one", async () => {
      const email = address();
      const said = { sub: subject(), userinfo: { email, email_verified: true, name: "Eve" } };
      const { user } = await whoIs(w, (await travel(w, issuer, said)).cookie);
      expect(user).toMatchObject({ email, emailVerified: true, name: "Eve" });
      const half = {
        sub: subject(),
        claims: { email: address() },
        userinfo: { email_verified: true },
      };
      expect((await whoIs(w, (await travel(w, issuer, half)).cookie)).user.email).toBeUndefined();
    });

    test("a known address links where both sides know it to be theirs", async () => {
      const known = await proved();
      const back = await travel(w, issuer, vouched(known.email));
      expect((await whoIs(w, back.cookie)).user.id).toBe(known.id);
      expect(await accountsOf(back.cookie)).toHaveLength(3);
    });

    test("a provider's unverified e-mail does not link", async () => {
      const known = await proved();
      const said = { sub: subject(), claims: { email: known.email, email_verified: false } };
      const back = await travel(w, issuer, said);
      expect([back.status, back.json.code]).toEqual([409, "email_taken"]);
    });

    test("an address that is unproved here does not link either: sign in first", async () => {
      const known = await w.person("unproved");
      const back = await travel(w, issuer, vouched(known.email));
      expect([back.status, back.json.code]).toEqual([409, "email_taken"]);
    });

    test("an e-mail that changed at the provider changes nothing here", async () => {
      const email = address();
      const said = vouched(email);
      const { user } = await whoIs(w, (await travel(w, issuer, said)).cookie);
      const other = await proved();
      const moved = { ...vouched(other.email), sub: said.sub };
      const back = await travel(w, issuer, moved);
      expect((await whoIs(w, back.cookie)).user).toMatchObject({ id: user.id, email });
    });

    test("a guest is promoted and keeps the id; the guest's session ends", async () => {
      const guest = await w.ask("POST", "/v1/guest");
      const email = address();
      const back = await travel(w, issuer, vouched(email), { cookie: guest.cookie });
      const { user } = await whoIs(w, back.cookie);
      expect(user).toMatchObject({ id: guest.json.user.id, guest: false, email, roles: ["user"] });
      expect((await w.ask("GET", "/v1/session", { cookie: guest.cookie })).status).toBe(401);
    });

    test("a guest who has an account is merged into it", async () => {
      const said = vouched(address());
      const { user } = await whoIs(w, (await travel(w, issuer, said)).cookie);
      const guest = await w.ask("POST", "/v1/guest");
      const back = await travel(w, issuer, said, { cookie: guest.cookie });
      expect((await whoIs(w, back.cookie)).user.id).toBe(user.id);
      const merged = await w.ask("GET", `/v1/users/${guest.json.user.id}`, {
        cookie: owner.cookie,
      });
      expect(merged.json.user.mergedInto).toBe(user.id);
    });

    test("the session id is not kept across it", async () => {
      const said = vouched(address());
      const first = await travel(w, issuer, said);
      const again = await travel(w, issuer, said, { cookie: first.cookie });
      const [before, after] = [first.cookie, again.cookie].map((all) =>
        all.split("; ").find((pair) => pair.startsWith("authledger_session=")),
      );
      expect(after).not.toBe(before);
      expect((await w.ask("GET", "/v1/session", { cookie: before })).status).toBe(401);
    });

    test("the blocked stay out, and so do the erased, whose account is anybody's again", async () => {
      const said = vouched(address());
      const first = await travel(w, issuer, said);
      const { user } = await whoIs(w, first.cookie);
      const block = await w.ask("POST", `/v1/users/${user.id}/block`, { cookie: owner.cookie });
      expect(block.status).toBe(200);
      const out = await travel(w, issuer, said);
      expect([out.status, out.json.code]).toEqual([403, "blocked"]);
      const erased = await w.ask("DELETE", `/v1/users/${user.id}`, { cookie: owner.cookie });
      expect(erased.status).toBe(204);
      const anew = await whoIs(w, (await travel(w, issuer, said)).cookie);
      expect(anew.user.id).not.toBe(user.id);
    });

    test("who is signed in is asked before an account of nobody's is linked to them", async () => {
      const { cookie } = await w.person("inside");
      const back = await travel(w, issuer, vouched(address()), { cookie });
      expect([back.status, back.json.code]).toEqual([409, "already_signed_in"]);
    });

    test("of many who come at once with one account, all are the same person", async () => {
      const said = vouched(address());
      const trips = await Promise.all(Array.from({ length: 5 }, () => setOut(w)));
      const backs = await Promise.all(
        trips.map((trip) => comeBack(w, trip, issuer.back(trip.to, said))),
      );
      const ids = await Promise.all(
        backs.map(async ({ cookie }) => (await whoIs(w, cookie)).user.id),
      );
      expect(new Set(ids).size).toBe(1);
    });
  });

  describe("an answer that is not ours", () => {
    const refused = (back: Awaited<ReturnType<typeof comeBack>>, code = "provider_mismatch") =>
      expect([back.status, back.json?.code]).toEqual([403, code]);

    test("state missing, swapped, or of another browser", async () => {
      const [mine, theirs] = [await setOut(w), await setOut(w)];
      const said = vouched(address());
      const query = issuer.back(mine.to, said);
      const without = new URLSearchParams(query);
      without.delete("state");
      refused(await comeBack(w, mine, without), "trip_over");
      const swapped = new URLSearchParams(query);
      swapped.set("state", theirs.to.searchParams.get("state") ?? "");
      refused(await comeBack(w, mine, swapped), "trip_over");
      refused(await comeBack(w, theirs, query), "trip_over");
      refused(await comeBack(w, { cookie: undefined }, query), "trip_over");
      // None of these cost the one who set out their trip.
      expect((await comeBack(w, mine, query)).status).toBe(303);
    });

    test("a callback replayed, also five at once: one gets in", async () => {
      const trip = await setOut(w);
      const query = issuer.back(trip.to, vouched(address()));
      const all = await Promise.all(Array.from({ length: 5 }, () => comeBack(w, trip, query)));
      expect(all.filter(({ status }) => status === 303)).toHaveLength(1);
      refused(await comeBack(w, trip, query), "trip_over");
    });

    test("a trip that took too long is over", async () => {
      const own = await fresh();
      await openByEnvironment(own, issuer);
      const trip = await setOut(own);
      own.forward(11 * 60 * 1000);
      refused(await comeBack(own, trip, issuer.back(trip.to, vouched(address()))), "trip_over");
    });

    test.each([
      ["iss missing", undefined],
      ["iss swapped (mix-up)", "https://id.evil.example"],
    ])("%s", async (_, iss) => {
      const trip = await setOut(w);
      const query = issuer.back(trip.to, vouched(address()));
      if (iss === undefined) query.delete("iss");
      else query.set("iss", iss);
      refused(await comeBack(w, trip, query));
    });

    test("the callback of another provider", async () => {
      const other = await scriptedIssuer();
      await openAt(w, other, { cookie: (await elevated()).cookie, as: "other" });
      const trip = await setOut(w);
      const query = issuer.back(trip.to, vouched(address()));
      refused(await comeBack(w, trip, query, { id: "other" }), "trip_over");
      await other.close();
    });

    test.each([
      ["nonce wrong", { nonce: "another" }],
      ["issuer wrong", { iss: "https://id.evil.example" }],
      ["audience wrong", { aud: "another" }],
      ["expired", { expiresInS: -3600 }],
      ["alg none", { forged: "none" }],
      ["HS256 with the public key", { forged: "HS256" }],
      ["signed by another key", { forged: "other-key" }],
      ["no subject", { claims: { sub: "" } }],
      ["userinfo of another subject", { userinfo: { sub: "another" } }],
    ] as const)("an ID token: %s", async (_, twist) => {
      const email = address();
      const back = await travel(w, issuer, { sub: subject(), ...twist });
      refused(back);
      expect(
        (await w.ask("POST", "/v1/sign-up", { body: { email, password: PASSWORD } })).status,
      ).toBe(201);
    });

    test("a code that was begun with another verifier", async () => {
      const [mine, theirs] = [await setOut(w), await setOut(w)];
      const code = issuer.back(theirs.to, vouched(address())).get("code") ?? "";
      const query = issuer.back(mine.to, vouched(address()));
      query.set("code", code);
      refused(await comeBack(w, mine, query));
    });

    test("what the person declined, and an issuer that is down", async () => {
      const trip = await setOut(w);
      const state = trip.to.searchParams.get("state") ?? "";
      const no = new URLSearchParams({ error: "access_denied", state, iss: issuer.url });
      refused(await comeBack(w, trip, no), "provider_denied");
      const other = await setOut(w);
      issuer.fail(true);
      const back = await comeBack(w, other, issuer.back(other.to, vouched(address())));
      issuer.fail(false);
      expect([back.status, back.json.code]).toEqual([503, "provider_unavailable"]);
    });

    test("no subject, address or secret is in the log", async () => {
      const lines = JSON.stringify(w.lines);
      expect(lines).toContain("Nobody came in from a provider");
      expect(lines).not.toMatch(/subject-|@example\.org|the-secret-of-the-client/);
    });
  });

  const elevated = async () => {
    const heard = await w.ask("POST", "/v1/session/elevate", {
      cookie: owner.cookie,
      body: { password: PASSWORD },
    });
    expect(heard.status).toBe(204);
    owner = { ...owner, cookie: String(heard.cookie) };
    return owner;
  };

  describe("redirectTo", () => {
    test("is carried through the trip, and leads nowhere but where it may", async () => {
      const on = "/oauth2/interaction/abcdefghijklmnopqrstuv";
      const query = `?redirectTo=${encodeURIComponent(on)}`;
      expect((await travel(w, issuer, vouched(address()), { query })).led).toBe(on);
      for (const to of ["https://evil.example/", "//evil.example", "javascript:alert(1)"]) {
        const path = `/v1/providers/acme/start?redirectTo=${encodeURIComponent(to)}`;
        expect((await w.ask("GET", path)).json).toMatchObject({ field: "redirectTo" });
      }
    });

    test("people are led to a page that says what went wrong", async () => {
      const trip = await setOut(w, { query: "?redirectTo=%2Faccount%2Fprofile&lang=de" });
      const state = trip.to.searchParams.get("state") ?? "";
      const no = new URLSearchParams({ error: "access_denied", state, iss: issuer.url });
      const back = await comeBack(w, trip, no, { headers: { accept: "text/html" } });
      expect(back.led).toBe(
        "/sign-in?failed=provider_denied&redirectTo=%2Faccount%2Fprofile&lang=de",
      );
      const page = await w.send("GET", String(back.led), { headers: { accept: "text/html" } });
      expect(await page.text()).toContain("nicht durchgelassen");
    });
  });

  describe("linked accounts", () => {
    test("one links after a step-up, and unlinks; other sessions end", async () => {
      const person = await w.person("linker");
      const elsewhere = await w.ask("POST", "/v1/sign-in", {
        body: { identifier: person.email, password: PASSWORD },
      });
      const said = { sub: subject(), claims: {} };
      const trip = await linking(person.cookie);
      const back = await comeBack(w, trip, issuer.back(trip.to, said));
      expect(back.led).toBe("/account/accounts?done=accountLinked");
      const accounts = await accountsOf(person.cookie);
      expect(accounts.map(({ provider }) => provider)).toEqual(["password", "acme"]);
      const path = `/v1/me/accounts/${accounts[1]?.id}`;
      const gone = await w.ask("DELETE", path, { cookie: person.cookie });
      expect(gone.status).toBe(204);
      expect((await w.ask("GET", "/v1/session", { cookie: elsewhere.cookie })).status).toBe(401);
      expect(await accountsOf(String(gone.cookie))).toHaveLength(1);
      // The subject is anybody's to come with again.
      const anew = await whoIs(w, (await travel(w, issuer, said)).cookie);
      expect(anew.user.id).not.toBe(person.id);
    });

    test("unlinking one leaves the claims of the others", async () => {
      const person = await w.person("two");
      const [one, two] = [{ sub: subject() }, { sub: subject() }];
      for (const said of [one, two]) {
        const trip = await linking(person.cookie);
        expect((await comeBack(w, trip, issuer.back(trip.to, said))).status).toBe(303);
      }
      const first = (await accountsOf(person.cookie)).find(
        ({ providerSubject }) => providerSubject === one.sub,
      );
      const gone = await w.ask("DELETE", `/v1/me/accounts/${first?.id}`, { cookie: person.cookie });
      expect(gone.status).toBe(204);
      expect((await whoIs(w, (await travel(w, issuer, two)).cookie)).user.id).toBe(person.id);
    });

    test("the last way in stays", async () => {
      const back = await travel(w, issuer, { sub: subject() });
      const [account] = await accountsOf(back.cookie);
      const path = `/v1/me/accounts/${account?.id}`;
      const heard = await w.ask("DELETE", path, { cookie: back.cookie });
      expect([heard.status, heard.json.code]).toEqual([409, "last_way_in"]);
      const stranger = await w.person("stranger");
      expect((await w.ask("DELETE", path, { cookie: stranger.cookie })).status).toBe(404);
    });

    test("an account of somebody else's is not linked", async () => {
      const said = { sub: subject() };
      await travel(w, issuer, said);
      const person = await w.person("taker");
      const trip = await linking(person.cookie);
      const back = await comeBack(w, trip, issuer.back(trip.to, said));
      expect([back.status, back.json.code]).toEqual([409, "account_taken"]);
    });

    test("a link comes back only into the session that set out", async () => {
      const [person, other] = [await w.person("mine"), await w.person("yours")];
      const trip = await linking(person.cookie);
      const mark = trip.cookie.split("; ").find((pair) => pair.startsWith("authledger_trip="));
      const query = issuer.back(trip.to, { sub: subject() });
      const back = await comeBack(w, { cookie: `${other.cookie}; ${mark}` }, query);
      expect([back.status, back.json.code]).toEqual([409, "sign_in_first"]);
    });

    test("neither a guest links, nor who acts for another", async () => {
      const guest = await w.ask("POST", "/v1/guest");
      const of = async (cookie: string | undefined) => {
        const heard = await w.ask("POST", "/v1/providers/acme/link", { cookie, body: {} });
        return [heard.status, heard.json.code];
      };
      expect(await of(guest.cookie)).toEqual([409, "guest"]);
      const person = await w.person("open");
      const acting = await w.ask("POST", `/v1/users/${person.id}/impersonate`, {
        cookie: (await elevated()).cookie,
        body: { reason: "Help" },
      });
      expect(await of(acting.cookie)).toEqual([403, "impersonating"]);
    });

    test("a screen that was left open links nothing", async () => {
      const own = await fresh();
      await openByEnvironment(own, issuer);
      const { cookie } = await own.person("open");
      own.forward(11 * 60 * 1000);
      const heard = await own.ask("POST", "/v1/providers/acme/link", { cookie, body: {} });
      expect([heard.status, heard.json.code]).toEqual([403, "elevation_required"]);
    });
  });

  describe("a password registered for somebody else's e-mail", () => {
    test("does not survive the owner's first proof, nor what was linked with it", async () => {
      const victim = address("victim");
      const eve = await w.ask("POST", "/v1/sign-up", {
        body: { email: victim, password: PASSWORD },
      });
      const evil = { sub: subject() };
      const trip = await linking(String(eve.cookie));
      expect((await comeBack(w, trip, issuer.back(trip.to, evil))).status).toBe(303);
      const token = await magicLink(w, victim);
      const own = await w.ask("POST", "/v1/magic-link/redeem", { body: { token } });
      expect(own.json).toMatchObject({ passwordRemoved: true });
      expect(await accountsOf(String(own.cookie))).toEqual([]);
      const back = await travel(w, issuer, evil);
      expect((await whoIs(w, back.cookie)).user.id).not.toBe(own.json.user.id);
      const by = { identifier: victim, password: PASSWORD };
      expect((await w.ask("POST", "/v1/sign-in", { body: by })).status).toBe(401);
    });

    test("nor the proof that a provider brings, which keeps its own account alone", async () => {
      const email = address("owner");
      const person = await w.ask("POST", "/v1/sign-up", { body: { email, password: PASSWORD } });
      const [mine, other] = [{ sub: subject() }, { sub: subject() }];
      for (const said of [mine, other]) {
        const trip = await linking(String(person.cookie));
        expect((await comeBack(w, trip, issuer.back(trip.to, said))).status).toBe(303);
      }
      const claims = { email, email_verified: true };
      const back = await travel(w, issuer, { ...mine, claims });
      expect((await whoIs(w, back.cookie)).user.emailVerified).toBe(true);
      expect(await accountsOf(back.cookie)).toMatchObject([{ providerSubject: mine.sub }]);
      expect((await w.ask("GET", "/v1/session", { cookie: person.cookie })).status).toBe(401);
      expect((await whoIs(w, (await travel(w, issuer, mine)).cookie)).user.email).toBe(email);
    });
  });

  describe("set-up through a provider", () => {
    const setUp = async (world: World, token: string, cookie?: string) =>
      world.ask("POST", "/v1/providers/acme/set-up", { cookie, body: { token } });

    test("makes whoever holds the token the architect, where sign-up is closed", async () => {
      const own = await fresh({ signUp: "closed" });
      await openByEnvironment(own, issuer);
      expect((await setUp(own, "guess")).json.code).toBe("invalid_setup_token");
      const begun = await setUp(own, TOKEN);
      expect(begun.status).toBe(200);
      const to = new URL(begun.json.redirectTo);
      const email = address();
      const back = await comeBack(own, { cookie: begun.cookie }, issuer.back(to, vouched(email)));
      expect(back.led).toBe("/account?done=setup");
      expect((await whoIs(own, back.cookie)).user).toMatchObject({ email, roles: ["architect"] });
      expect((await setUp(own, TOKEN)).json.code).toBe("already_set_up");
      const stranger = await travel(own, issuer, vouched(address()));
      expect([stranger.status, stranger.json.code]).toEqual([403, "signup_closed"]);
    });

    test("a trip begun before somebody else was faster makes nobody an architect", async () => {
      const own = await fresh();
      await openByEnvironment(own, issuer);
      const begun = await setUp(own, TOKEN);
      await own.architect();
      const to = new URL(begun.json.redirectTo);
      const query = issuer.back(to, vouched(address()));
      const back = await comeBack(own, { cookie: begun.cookie }, query);
      expect([back.status, back.json.code]).toEqual([409, "already_set_up"]);
    });
  });
}
