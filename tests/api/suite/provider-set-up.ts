import { describe, expect, test } from "vitest";
import { openByEnvironment } from "../../support/environment-provider.ts";
import { TOKEN, type World } from "../world.ts";
import type { Acme } from "./acme.ts";
import { comeBack, travel, whoIs } from "./provider-trips.ts";

/** Set-up by whoever holds the token, through Acme. */
export function providerSetUpTests({ fresh, issuer, address, vouched }: Acme): void {
  describe("set-up through a provider", () => {
    const setUp = async (world: World, token: string, cookie?: string) =>
      world.ask("POST", "/v1/providers/acme/set-up", { cookie, body: { token } });

    test("makes whoever holds the token the architect, where sign-up is closed", async () => {
      const own = await fresh({ signUp: "closed" });
      await openByEnvironment(own, issuer());
      expect((await setUp(own, "guess")).json.code).toBe("invalid_setup_token");
      const begun = await setUp(own, TOKEN);
      expect(begun.status).toBe(200);
      const to = new URL(begun.json.redirectTo);
      const email = address();
      const back = await comeBack(own, { cookie: begun.cookie }, issuer().back(to, vouched(email)));
      expect(back.led).toBe("/account?done=setup");
      expect((await whoIs(own, back.cookie)).user).toMatchObject({ email, roles: ["architect"] });
      expect((await setUp(own, TOKEN)).json.code).toBe("already_set_up");
      const stranger = await travel(own, issuer(), vouched(address()));
      expect([stranger.status, stranger.json.code]).toEqual([403, "signup_closed"]);
    });

    test("a trip begun before somebody else was faster makes nobody an architect", async () => {
      const own = await fresh();
      await openByEnvironment(own, issuer());
      const begun = await setUp(own, TOKEN);
      await own.architect();
      const to = new URL(begun.json.redirectTo);
      const query = issuer().back(to, vouched(address()));
      const back = await comeBack(own, { cookie: begun.cookie }, query);
      expect([back.status, back.json.code]).toEqual([409, "already_set_up"]);
    });
  });
}
