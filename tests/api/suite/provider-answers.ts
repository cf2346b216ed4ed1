import { describe, expect, test } from "vitest";
import { openByEnvironment } from "../../support/environment-provider.ts";
import { scriptedIssuer } from "../../support/scripted-issuer.ts";
import { PASSWORD } from "../world.ts";
import type { Acme } from "./acme.ts";
import { comeBack, openAt, setOut, travel } from "./provider-trips.ts";

/** Answers that nobody may come in by. */
export function answerTests({ w, fresh, issuer, subject, address, vouched, elevated }: Acme): void {
  describe("an answer that is not ours", () => {
    const refused = (back: Awaited<ReturnType<typeof comeBack>>, code = "provider_mismatch") =>
      expect([back.status, back.json?.code]).toEqual([403, code]);

    test("state missing, swapped, or of another browser", async () => {
      const [mine, theirs] = [await setOut(w()), await setOut(w())];
      const said = vouched(address());
      const query = issuer().back(mine.to, said);
      const without = new URLSearchParams(query);
      without.delete("state");
      refused(await comeBack(w(), mine, without), "trip_over");
      const swapped = new URLSearchParams(query);
      swapped.set("state", theirs.to.searchParams.get("state") ?? "");
      refused(await comeBack(w(), mine, swapped), "trip_over");
      refused(await comeBack(w(), theirs, query), "trip_over");
      refused(await comeBack(w(), { cookie: undefined }, query), "trip_over");
      // None of these cost the one who set out their trip.
      expect((await comeBack(w(), mine, query)).status).toBe(303);
    });

    test("a callback replayed, also five at once: one gets in", async () => {
      const trip = await setOut(w());
      const query = issuer().back(trip.to, vouched(address()));
      const all = await Promise.all(Array.from({ length: 5 }, () => comeBack(w(), trip, query)));
      expect(all.filter(({ status }) => status === 303)).toHaveLength(1);
      refused(await comeBack(w(), trip, query), "trip_over");
    });

    test("an answer by a form is led to where our cookies come along", async () => {
      const trip = await setOut(w());
      const query = issuer().back(trip.to, vouched(address()));
      const heard = await w().ask("POST", "/v1/providers/acme/callback", {
        raw: query.toString(),
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          origin: "https://id.acme.example",
          "sec-fetch-site": "cross-site",
        },
      });
      expect(heard.status).toBe(303);
      const led = new URL(String(heard.headers.get("location")), "http://localhost:4000");
      expect(led.pathname).toBe("/v1/providers/acme/callback");
      expect((await comeBack(w(), trip, led.searchParams)).led).toBe("/account?done=signUp");
    });

    test("a trip that took too long is over", async () => {
      const own = await fresh();
      await openByEnvironment(own, issuer());
      const trip = await setOut(own);
      own.forward(11 * 60 * 1000);
      refused(await comeBack(own, trip, issuer().back(trip.to, vouched(address()))), "trip_over");
    });

    test.each([
      ["iss missing", undefined],
      ["iss swapped (mix-up)", "https://id.evil.example"],
    ])("%s", async (_, iss) => {
      const trip = await setOut(w());
      const query = issuer().back(trip.to, vouched(address()));
      if (iss === undefined) query.delete("iss");
      else query.set("iss", iss);
      refused(await comeBack(w(), trip, query));
    });

    test("the callback of another provider", async () => {
      const other = await scriptedIssuer();
      await openAt(w(), other, { cookie: (await elevated()).cookie, as: "other" });
      const trip = await setOut(w());
      const query = issuer().back(trip.to, vouched(address()));
      refused(await comeBack(w(), trip, query, { id: "other" }), "trip_over");
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
      const back = await travel(w(), issuer(), { sub: subject(), ...twist });
      refused(back);
      expect(
        (await w().ask("POST", "/v1/sign-up", { body: { email, password: PASSWORD } })).status,
      ).toBe(201);
    });

    test("a code that was begun with another verifier", async () => {
      const [mine, theirs] = [await setOut(w()), await setOut(w())];
      const code = issuer().back(theirs.to, vouched(address())).get("code") ?? "";
      const query = issuer().back(mine.to, vouched(address()));
      query.set("code", code);
      refused(await comeBack(w(), mine, query));
    });

    test("what the person declined, and an issuer that is down", async () => {
      const trip = await setOut(w());
      const state = trip.to.searchParams.get("state") ?? "";
      const no = new URLSearchParams({ error: "access_denied", state, iss: issuer().url });
      refused(await comeBack(w(), trip, no), "provider_denied");
      const other = await setOut(w());
      issuer().fail(true);
      const back = await comeBack(w(), other, issuer().back(other.to, vouched(address())));
      issuer().fail(false);
      expect([back.status, back.json.code]).toEqual([503, "provider_unavailable"]);
    });

    test("no subject, address or secret is in the log", async () => {
      const lines = JSON.stringify(w().lines);
      expect(lines).toContain("Nobody came in from a provider");
      expect(lines).not.toMatch(/subject-|@example\.org|the-secret-of-the-client/);
    });
  });
}
