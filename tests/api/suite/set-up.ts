import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import type { Stage } from "../suite.ts";
import { PASSWORD, TOKEN } from "../world.ts";

export function setUpTests({ fresh }: Stage): void {
  const body = { token: TOKEN, email: "ada@example.org", password: PASSWORD };

  test("the holder of the token becomes the first architect, once", async () => {
    const w = await fresh();
    const first = await w.ask("POST", "/v1/setup", { body });
    expect(first.status).toBe(201);
    expect(first.json.user).toMatchObject({ email: "ada@example.org", roles: ["architect"] });
    const me = await w.ask("GET", "/v1/me", { cookie: first.cookie });
    expect(me.json.user.roles).toEqual(["architect"]);
    const eve = { ...body, email: "eve@example.org" };
    const again = await w.ask("POST", "/v1/setup", { body: eve });
    expect([again.status, again.json.code]).toEqual([409, "already_set_up"]);
    expect((await w.ask("GET", "/v1/architects", { cookie: first.cookie })).json.items).toEqual([
      { userId: first.json.user.id },
    ]);
  });

  test("a guessed token is refused and appends nothing", async () => {
    const w = await fresh();
    const before = await w.heads();
    const heard = await w.ask("POST", "/v1/setup", { body: { ...body, token: "guess" } });
    expect([heard.status, heard.json.code]).toEqual([403, "invalid_setup_token"]);
    expect(await w.heads()).toEqual(before);
  });

  test("a signed-in person claims the server with the token alone; a guest does not", async () => {
    const w = await fresh();
    const guest = await w.ask("POST", "/v1/guest");
    const refused = await w.ask("POST", "/v1/setup", {
      cookie: guest.cookie,
      body: { token: TOKEN },
    });
    expect([refused.status, refused.json.code]).toEqual([403, "guest"]);
    const ada = await w.person("ada");
    const heard = await w.ask("POST", "/v1/setup", { cookie: ada.cookie, body: { token: TOKEN } });
    expect(heard.status).toBe(201);
    expect(heard.json.user).toMatchObject({ id: ada.id, roles: ["architect"] });
    const nobody = await w.ask("POST", "/v1/setup", { body: { token: TOKEN } });
    expect(nobody.status).toBe(409);
  });

  test("the token alone from nobody names the missing field", async () => {
    const w = await fresh();
    const heard = await w.ask("POST", "/v1/setup", { body: { token: TOKEN } });
    expect(heard.json).toMatchObject({ status: 400, code: "invalid_field", field: "email" });
  });

  test("a guest or a crawler neither becomes nor prevents the first architect", async () => {
    const w = await fresh();
    for (let visit = 0; visit < 3; visit++) await w.ask("POST", "/v1/guest");
    await w.person("early");
    for (const method of ["GET", "HEAD", "PUT"]) {
      expect((await w.send(method, "/v1/setup")).status).toBe(405);
    }
    expect((await w.ask("POST", "/v1/setup", { body })).status).toBe(201);
  });

  test("set-up killed between its steps resumes with the same token and password", async () => {
    const w = await fresh();
    // What the killed one left: the sign-up, and no architect.
    await w.ask("POST", "/v1/sign-up", { body: { email: body.email, password: PASSWORD } });
    const wrong = await w.ask("POST", "/v1/setup", { body: { ...body, password: "another one" } });
    expect([wrong.status, wrong.json.code]).toEqual([409, "email_taken"]);
    const heard = await w.ask("POST", "/v1/setup", { body });
    expect([heard.status, heard.json.user?.roles]).toEqual([201, ["architect"]]);
  });

  test("two set-ups at once make exactly one architect", async () => {
    const w = await fresh();
    const heard = await Promise.all(
      ["a@example.org", "b@example.org"].map((email) =>
        w.ask("POST", "/v1/setup", { body: { ...body, email } }),
      ),
    );
    expect(heard.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  });

  test("the token is inert after set-up, even if the operator keeps it set", async () => {
    const setupToken = {
      where: { kind: "environment" as const },
      check: () => Effect.succeed(true),
      burn: Effect.void,
    };
    const w = await fresh({ setupToken });
    expect((await w.ask("POST", "/v1/setup", { body })).status).toBe(201);
    const ada = await w.ask("POST", "/v1/setup", { body });
    expect([ada.status, ada.json.code]).toEqual([409, "already_set_up"]);
  });
}
