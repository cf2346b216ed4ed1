import * as Effect from "effect/Effect";
import * as Redacted from "effect/Redacted";
import { describe, expect, test } from "vitest";
import { closeGone, openProviders } from "../../../ops/open-providers.ts";
import { configOf, openByEnvironment } from "../../support/environment-provider.ts";
import { scriptedIssuer } from "../../support/scripted-issuer.ts";
import type { Acme } from "./acme.ts";
import { openAt, setOut, travel, whoIs } from "./provider-trips.ts";

/** Where an architect, or the environment, opens and closes doors. */
export function configurationTests({ w, fresh, issuer, owner, elevated, vouched, address }: Acme) {
  const configured = async (cookie: string, id: string) => {
    const heard = await w().ask("GET", "/v1/providers/configured", { cookie });
    return heard.json.items.find((one: { readonly id: string }) => one.id === id);
  };

  describe("configuration", () => {
    test("everybody sees which doors are open, architects how, and nobody a secret", async () => {
      const open = await w().ask("GET", "/v1/providers");
      expect(open.json.items).toContainEqual({ id: "acme", name: "Acme" });
      expect((await w().ask("GET", "/v1/methods")).json.providers).toContain("acme");
      const seen = await configured(owner().cookie, "acme");
      expect(seen).toMatchObject({ status: "open", origin: "architect", clientSecret: "set" });
      expect(seen.redirectUri).toBe("http://localhost:4000/v1/providers/acme/callback");
      const { cookie } = await w().person("curious");
      expect((await w().ask("GET", "/v1/providers/configured", { cookie })).status).toBe(403);
      const events = await w().ask("GET", "/v1/ledger/events?type=ProviderOpened", owner());
      expect(JSON.stringify([seen, events.json])).not.toContain(issuer().client.secret);
    });

    test("an architect opens, revises and closes; the id stays one issuer's", async () => {
      const other = await scriptedIssuer();
      const { cookie } = await elevated();
      await openAt(w(), other, { cookie, as: "shortlived" });
      const path = "/v1/providers/shortlived";
      const renamed = await w().ask("PATCH", path, { cookie, body: { name: "Short" } });
      expect(renamed.json.provider).toMatchObject({ name: "Short", clientSecret: "set" });
      const trip = await setOut(w(), { id: "shortlived" });
      expect(trip.to.origin).toBe(other.url);
      expect((await w().ask("DELETE", path, { cookie })).status).toBe(204);
      expect((await w().ask("GET", `${path}/start`)).status).toBe(404);
      expect(await configured(cookie, "shortlived")).toMatchObject({ clientSecret: "none" });
      const body = { id: "shortlived", name: "Evil", issuer: issuer().url, clientId: "x" };
      const taken = await w().ask("POST", "/v1/providers", { cookie, body });
      expect([taken.status, taken.json.code]).toEqual([409, "other_issuer"]);
      await other.close();
    });

    test("nobody but an architect, and none of them with a screen left open", async () => {
      const admin = await w().withRole("admin", await elevated());
      const body = { id: "mine", name: "Mine", issuer: issuer().url, clientId: "x" };
      const heard = await w().ask("POST", "/v1/providers", { cookie: admin.cookie, body });
      expect(heard.json).toMatchObject({ code: "forbidden", requires: "architect" });
    });

    test("an issuer that does not answer is asked again by the next who comes", async () => {
      const other = await scriptedIssuer();
      await openAt(w(), other, { cookie: (await elevated()).cookie, as: "down" });
      other.fail(true);
      const down = await w().ask("GET", "/v1/providers/down/start");
      expect([down.status, down.json.code]).toEqual([503, "provider_unavailable"]);
      other.fail(false);
      await setOut(w(), { id: "down" });
      await setOut(w(), { id: "down" });
      expect(other.discovered()).toBe(1);
      await other.close();
    });
  });

  describe("the environment", () => {
    test("opens, once, revises, and closes what it names no more", async () => {
      const own = await fresh();
      await openByEnvironment(own, issuer());
      const [before] = await own.heads();
      await openByEnvironment(own, issuer());
      expect((await own.heads())[0]).toBe(before);
      const said = vouched(address());
      const { user } = await whoIs(own, (await travel(own, issuer(), said)).cookie);
      const { cookie } = await own.architect();
      const closed = await own.ask("DELETE", "/v1/providers/acme", { cookie });
      expect([closed.status, closed.json.code]).toEqual([409, "from_environment"]);
      await own.run(Effect.orDie(closeGone([])));
      const [head] = await own.heads();
      const left = await own.ask("GET", `/v1/providers?at_least=${head}`);
      expect(left.json.items).toEqual([]);
      await openByEnvironment(own, issuer());
      expect((await whoIs(own, (await travel(own, issuer(), said)).cookie)).user.id).toBe(user.id);
    });

    test("a new secret replaces the one before, and another issuer is refused", async () => {
      const own = await fresh();
      await openByEnvironment(own, issuer());
      const config = { ...configOf(issuer()), clientSecret: Redacted.make("another") };
      await own.run(openProviders([config]));
      const events = await own.ask("GET", "/v1/ledger/events?type=ProviderRevised", {
        cookie: (await own.architect()).cookie,
      });
      expect(events.json.items).toHaveLength(1);
      const moved = { ...config, issuer: "https://id.evil.example" };
      await expect(own.run(openProviders([moved]))).rejects.toThrow(/another issuer's/);
    });
  });
}
