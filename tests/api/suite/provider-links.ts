import { describe, expect, test } from "vitest";
import { openByEnvironment } from "../../support/environment-provider.ts";
import { magicLink } from "../../support/mailed-links.ts";
import { PASSWORD } from "../world.ts";
import type { Acme } from "./acme.ts";
import { comeBack, travel, whoIs } from "./provider-trips.ts";

/** Accounts at Acme that are linked, taken back, or lost to a proof. */
export function linkTests({
  w,
  fresh,
  issuer,
  subject,
  address,
  linking,
  accountsOf,
  elevated,
}: Acme): void {
  describe("linked accounts", () => {
    test("one links after a step-up, and unlinks; other sessions end", async () => {
      const person = await w().person("linker");
      const elsewhere = await w().ask("POST", "/v1/sign-in", {
        body: { identifier: person.email, password: PASSWORD },
      });
      const said = { sub: subject(), claims: {} };
      const trip = await linking(person.cookie);
      const back = await comeBack(w(), trip, issuer().back(trip.to, said));
      expect(back.led).toBe("/account/accounts?done=accountLinked");
      const accounts = await accountsOf(person.cookie);
      expect(accounts.map(({ provider }) => provider)).toEqual(["password", "acme"]);
      const path = `/v1/me/accounts/${accounts[1]?.id}`;
      const gone = await w().ask("DELETE", path, { cookie: person.cookie });
      expect(gone.status).toBe(204);
      expect((await w().ask("GET", "/v1/session", { cookie: elsewhere.cookie })).status).toBe(401);
      expect(await accountsOf(String(gone.cookie))).toHaveLength(1);
      // The subject is anybody's to come with again.
      const anew = await whoIs(w(), (await travel(w(), issuer(), said)).cookie);
      expect(anew.user.id).not.toBe(person.id);
    });

    test("unlinking one leaves the claims of the others", async () => {
      const person = await w().person("two");
      const [one, two] = [{ sub: subject() }, { sub: subject() }];
      for (const said of [one, two]) {
        const trip = await linking(person.cookie);
        expect((await comeBack(w(), trip, issuer().back(trip.to, said))).status).toBe(303);
      }
      const first = (await accountsOf(person.cookie)).find(
        ({ providerSubject }) => providerSubject === one.sub,
      );
      const gone = await w().ask("DELETE", `/v1/me/accounts/${first?.id}`, {
        cookie: person.cookie,
      });
      expect(gone.status).toBe(204);
      expect((await whoIs(w(), (await travel(w(), issuer(), two)).cookie)).user.id).toBe(person.id);
    });

    test("the last way in stays", async () => {
      const back = await travel(w(), issuer(), { sub: subject() });
      const [account] = await accountsOf(back.cookie);
      const path = `/v1/me/accounts/${account?.id}`;
      const heard = await w().ask("DELETE", path, { cookie: back.cookie });
      expect([heard.status, heard.json.code]).toEqual([409, "last_way_in"]);
      const stranger = await w().person("stranger");
      expect((await w().ask("DELETE", path, { cookie: stranger.cookie })).status).toBe(404);
    });

    test("an account of somebody else's is not linked", async () => {
      const said = { sub: subject() };
      await travel(w(), issuer(), said);
      const person = await w().person("taker");
      const trip = await linking(person.cookie);
      const back = await comeBack(w(), trip, issuer().back(trip.to, said));
      expect([back.status, back.json.code]).toEqual([409, "account_taken"]);
    });

    test("a link comes back only into the session that set out", async () => {
      const [person, other] = [await w().person("mine"), await w().person("yours")];
      const trip = await linking(person.cookie);
      const mark = trip.cookie.split("; ").find((pair) => pair.startsWith("authledger_trip="));
      const query = issuer().back(trip.to, { sub: subject() });
      const back = await comeBack(w(), { cookie: `${other.cookie}; ${mark}` }, query);
      expect([back.status, back.json.code]).toEqual([409, "sign_in_first"]);
    });

    test("neither a guest links, nor who acts for another", async () => {
      const guest = await w().ask("POST", "/v1/guest");
      const of = async (cookie: string | undefined) => {
        const heard = await w().ask("POST", "/v1/providers/acme/link", { cookie, body: {} });
        return [heard.status, heard.json.code];
      };
      expect(await of(guest.cookie)).toEqual([409, "guest"]);
      const person = await w().person("open");
      const acting = await w().ask("POST", `/v1/users/${person.id}/impersonate`, {
        cookie: (await elevated()).cookie,
        body: { reason: "Help" },
      });
      expect(await of(acting.cookie)).toEqual([403, "impersonating"]);
    });

    test("a screen that was left open links nothing", async () => {
      const own = await fresh();
      await openByEnvironment(own, issuer());
      const { cookie } = await own.person("open");
      own.forward(11 * 60 * 1000);
      const heard = await own.ask("POST", "/v1/providers/acme/link", { cookie, body: {} });
      expect([heard.status, heard.json.code]).toEqual([403, "elevation_required"]);
    });
  });

  describe("a password registered for somebody else's e-mail", () => {
    test("does not survive the owner's first proof, nor what was linked with it", async () => {
      const victim = address("victim");
      const eve = await w().ask("POST", "/v1/sign-up", {
        body: { email: victim, password: PASSWORD },
      });
      const evil = { sub: subject() };
      const trip = await linking(String(eve.cookie));
      expect((await comeBack(w(), trip, issuer().back(trip.to, evil))).status).toBe(303);
      const token = await magicLink(w(), victim);
      const own = await w().ask("POST", "/v1/magic-link/redeem", { body: { token } });
      expect(own.json).toMatchObject({ passwordRemoved: true });
      expect(await accountsOf(String(own.cookie))).toEqual([]);
      const back = await travel(w(), issuer(), evil);
      expect((await whoIs(w(), back.cookie)).user.id).not.toBe(own.json.user.id);
      const by = { identifier: victim, password: PASSWORD };
      expect((await w().ask("POST", "/v1/sign-in", { body: by })).status).toBe(401);
    });

    test("nor the proof that a provider brings, which keeps its own account alone", async () => {
      const email = address("owner");
      const person = await w().ask("POST", "/v1/sign-up", { body: { email, password: PASSWORD } });
      const [mine, other] = [{ sub: subject() }, { sub: subject() }];
      for (const said of [mine, other]) {
        const trip = await linking(String(person.cookie));
        expect((await comeBack(w(), trip, issuer().back(trip.to, said))).status).toBe(303);
      }
      const claims = { email, email_verified: true };
      const back = await travel(w(), issuer(), { ...mine, claims });
      expect((await whoIs(w(), back.cookie)).user.emailVerified).toBe(true);
      expect(await accountsOf(back.cookie)).toMatchObject([{ providerSubject: mine.sub }]);
      expect((await w().ask("GET", "/v1/session", { cookie: person.cookie })).status).toBe(401);
      expect((await whoIs(w(), (await travel(w(), issuer(), mine)).cookie)).user.email).toBe(email);
    });
  });
}
