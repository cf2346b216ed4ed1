import { afterAll, beforeAll, expect, test } from "vitest";
import { makeHistory, type People, settled } from "./history.ts";
import { type Installation, openInstallation } from "./installation.ts";
import { onEachStore, type Place, place } from "./on-each-store.ts";

onEachStore("appoint-architect", (store) => {
  let where: Place;
  let at: Installation;
  let people: People;
  beforeAll(async () => {
    where = await place(store);
    at = await openInstallation(where.folder, where.variables, "server");
    people = await makeHistory(at.ask);
    await settled(at);
  });
  afterAll(async () => {
    await at?.close();
    await where?.remove();
  });
  const tokenFor = async (named: string) => {
    const { status, out } = await at.run("appoint-architect", named, "--json");
    expect(status).toBe(0);
    const { link, user } = JSON.parse(out[0] ?? "");
    expect(new URL(link).pathname).toBe("/appoint");
    return { user, token: String(new URL(link).searchParams.get("token")) };
  };
  const redeem = (token: string, more: object = {}) =>
    at.ask("POST /v1/architects/redeem", { body: { token, ...more } });

  test("the link appoints whom it names, once, however many redeem it at once", async () => {
    const { user, token } = await tokenFor("BOB@example.com");
    expect(user).toBe(people.bob.id);
    const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(token)));
    const [won, ...others] = answers.toSorted((one, other) => one.status - other.status);
    expect(won?.body).toMatchObject({ user: { id: people.bob.id, roles: ["architect"] } });
    expect(new Set(others.map(({ status }) => status))).toEqual(new Set([403]));
    expect((await redeem(token)).body.code).toBe("invalid_token");
    const seen = await at.ask("GET /v1/architects", { cookie: won?.cookie ?? "" });
    expect(seen.body.items).toHaveLength(2);
  });

  test("a locked-out architect chooses a password and is in again", async () => {
    const password = "quite another long password";
    const { token } = await tokenFor(people.ada.id);
    expect((await redeem(token, { password })).status).toBe(200);
    const identifier = "ada@example.com";
    const signedIn = await at.ask("POST /v1/sign-in", { body: { identifier, password } });
    expect(signedIn.body.user.roles).toEqual(["architect"]);
  });

  test("that a link was issued is on record, the link is not", async () => {
    const { token } = await tokenFor(people.ada.id);
    const { out } = await at.run("replay", "--ledger", "activity", "--format", "ndjson");
    const issued = out.filter((line) => line.includes("ArchitectLinkIssued"));
    expect(JSON.parse(issued[0] ?? "")).toMatchObject({
      type: "ArchitectLinkIssued",
      data: { userId: people.bob.id },
    });
    expect(out.join("\n")).not.toContain(token);
  });

  test.each([["nobody@example.org"], ["00000000-0000-4000-8000-000000000000"]])(
    "no link is issued for %s, whom nobody knows",
    async (named) => {
      const { status, err } = await at.run("appoint-architect", named);
      expect([status, err.join(" ")]).toEqual([2, expect.stringMatching(/^Cannot find a user/)]);
    },
  );

  test("no link is issued for the blocked, and none without a name", async () => {
    expect((await at.run("appoint-architect", people.eve.id)).status).toBe(2);
    expect((await at.run("appoint-architect")).status).toBe(2);
    expect((await redeem("A".repeat(43))).body.code).toBe("invalid_token");
  });
});
