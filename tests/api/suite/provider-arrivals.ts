import { describe, expect, test } from "vitest";
import type { Acme } from "./acme.ts";
import { comeBack, setOut, travel, whoIs } from "./provider-trips.ts";

/** People who come in from Acme. */
export function arrivalTests({
  w,
  issuer,
  owner,
  subject,
  address,
  vouched,
  proved,
  accountsOf,
}: Acme): void {
  describe("signing in", () => {
    test("a stranger becomes a user whose address the provider vouches for", async () => {
      const email = address();
      const said = vouched(email);
      const first = await travel(w(), issuer(), said);
      expect([first.status, first.led]).toEqual([303, "/account?done=signUp"]);
      const { user, session } = await whoIs(w(), first.cookie);
      expect(user).toMatchObject({ email, emailVerified: true, name: "Ada from Acme" });
      expect(user).toMatchObject({ roles: ["user"], methods: [] });
      expect(session.method).toBe("provider");
      const again = await travel(w(), issuer(), said);
      expect(again.led).toBe("/account");
      expect((await whoIs(w(), again.cookie)).user.id).toBe(user.id);
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
        const back = await travel(w(), issuer(), { sub: subject(), claims });
        const { user } = await whoIs(w(), back.cookie);
        expect([user.email, user.emailVerified]).toEqual([undefined, false]);
      }
    });

    test("what the ID token leaves out is asked for at userinfo, address with proof", async () => {
      const email = address();
      const said = { sub: subject(), userinfo: { email, email_verified: true, name: "Eve" } };
      const { user } = await whoIs(w(), (await travel(w(), issuer(), said)).cookie);
      expect(user).toMatchObject({ email, emailVerified: true, name: "Eve" });
      const half = {
        sub: subject(),
        claims: { email: address() },
        userinfo: { email_verified: true },
      };
      expect(
        (await whoIs(w(), (await travel(w(), issuer(), half)).cookie)).user.email,
      ).toBeUndefined();
    });

    test("a known address links where both sides know it to be theirs", async () => {
      const known = await proved();
      const back = await travel(w(), issuer(), vouched(known.email));
      expect((await whoIs(w(), back.cookie)).user.id).toBe(known.id);
      expect(await accountsOf(back.cookie)).toHaveLength(3);
    });

    test("a provider's unverified e-mail does not link", async () => {
      const known = await proved();
      const said = { sub: subject(), claims: { email: known.email, email_verified: false } };
      const back = await travel(w(), issuer(), said);
      expect([back.status, back.json.code]).toEqual([409, "email_taken"]);
    });

    test("an address that is unproved here does not link either: sign in first", async () => {
      const known = await w().person("unproved");
      const back = await travel(w(), issuer(), vouched(known.email));
      expect([back.status, back.json.code]).toEqual([409, "email_taken"]);
    });

    test("an e-mail that changed at the provider changes nothing here", async () => {
      const email = address();
      const said = vouched(email);
      const { user } = await whoIs(w(), (await travel(w(), issuer(), said)).cookie);
      const other = await proved();
      const moved = { ...vouched(other.email), sub: said.sub };
      const back = await travel(w(), issuer(), moved);
      expect((await whoIs(w(), back.cookie)).user).toMatchObject({ id: user.id, email });
    });

    test("a guest is promoted and keeps the id; the guest's session ends", async () => {
      const guest = await w().ask("POST", "/v1/guest");
      const email = address();
      const back = await travel(w(), issuer(), vouched(email), { cookie: guest.cookie });
      const { user } = await whoIs(w(), back.cookie);
      expect(user).toMatchObject({ id: guest.json.user.id, guest: false, email, roles: ["user"] });
      expect((await w().ask("GET", "/v1/session", { cookie: guest.cookie })).status).toBe(401);
    });

    test("a guest who has an account is merged into it", async () => {
      const said = vouched(address());
      const { user } = await whoIs(w(), (await travel(w(), issuer(), said)).cookie);
      const guest = await w().ask("POST", "/v1/guest");
      const back = await travel(w(), issuer(), said, { cookie: guest.cookie });
      expect((await whoIs(w(), back.cookie)).user.id).toBe(user.id);
      const merged = await w().ask("GET", `/v1/users/${guest.json.user.id}`, {
        cookie: owner().cookie,
      });
      expect(merged.json.user.mergedInto).toBe(user.id);
    });

    test("the session id is not kept across it", async () => {
      const said = vouched(address());
      const first = await travel(w(), issuer(), said);
      const again = await travel(w(), issuer(), said, { cookie: first.cookie });
      const [before, after] = [first.cookie, again.cookie].map((all) =>
        all.split("; ").find((pair) => pair.startsWith("authledger_session=")),
      );
      expect(after).not.toBe(before);
      expect((await w().ask("GET", "/v1/session", { cookie: before })).status).toBe(401);
    });

    test("the blocked stay out; of the erased the account is anybody's again", async () => {
      const said = vouched(address());
      const first = await travel(w(), issuer(), said);
      const { user } = await whoIs(w(), first.cookie);
      const block = await w().ask("POST", `/v1/users/${user.id}/block`, { cookie: owner().cookie });
      expect(block.status).toBe(200);
      const out = await travel(w(), issuer(), said);
      expect([out.status, out.json.code]).toEqual([403, "blocked"]);
      const erased = await w().ask("DELETE", `/v1/users/${user.id}`, { cookie: owner().cookie });
      expect(erased.status).toBe(204);
      const anew = await whoIs(w(), (await travel(w(), issuer(), said)).cookie);
      expect(anew.user.id).not.toBe(user.id);
    });

    test("who is signed in is asked before an account of nobody's is linked to them", async () => {
      const { cookie } = await w().person("inside");
      const back = await travel(w(), issuer(), vouched(address()), { cookie });
      expect([back.status, back.json.code]).toEqual([409, "already_signed_in"]);
    });

    test("of many who come at once with one account, all are the same person", async () => {
      const said = vouched(address());
      const trips = await Promise.all(Array.from({ length: 5 }, () => setOut(w())));
      const backs = await Promise.all(
        trips.map((trip) => comeBack(w(), trip, issuer().back(trip.to, said))),
      );
      const ids = await Promise.all(
        backs.map(async ({ cookie }) => (await whoIs(w(), cookie)).user.id),
      );
      expect(new Set(ids).size).toBe(1);
    });
  });

  describe("redirectTo", () => {
    test("is carried through the trip, and leads nowhere but where it may", async () => {
      const on = "/oauth2/interaction/abcdefghijklmnopqrstuv";
      const query = `?redirectTo=${encodeURIComponent(on)}`;
      expect((await travel(w(), issuer(), vouched(address()), { query })).led).toBe(on);
      for (const to of ["https://evil.example/", "//evil.example", "javascript:alert(1)"]) {
        const path = `/v1/providers/acme/start?redirectTo=${encodeURIComponent(to)}`;
        expect((await w().ask("GET", path)).json).toMatchObject({ field: "redirectTo" });
      }
    });

    test("people are led to a page that says what went wrong", async () => {
      const trip = await setOut(w(), { query: "?redirectTo=%2Faccount%2Fprofile&lang=de" });
      const state = trip.to.searchParams.get("state") ?? "";
      const no = new URLSearchParams({ error: "access_denied", state, iss: issuer().url });
      const back = await comeBack(w(), trip, no, { headers: { accept: "text/html" } });
      expect(back.led).toBe(
        "/sign-in?failed=provider_denied&redirectTo=%2Faccount%2Fprofile&lang=de",
      );
      const page = await w().send("GET", String(back.led), { headers: { accept: "text/html" } });
      expect(await page.text()).toContain("nicht durchgelassen");
    });
  });
}
