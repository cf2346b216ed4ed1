import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { SessionLookup } from "../../adapters/ports/session-lookup.ts";
import { memoryServices } from "./memory-services.ts";
import { world } from "./world.ts";

test("a session row that was edited to name somebody else signs nobody in", async () => {
  let edited: { readonly userId: string } | undefined;
  const w = await world(async () => {
    const { services, close } = await memoryServices();
    const { find } = Context.get(services, SessionLookup);
    // What stands in the tables after an UPDATE of the session's row, joined as the store does.
    const lookup = SessionLookup.of({
      find: (sessionId) =>
        Effect.map(find(sessionId), (found) =>
          found === undefined || edited === undefined
            ? found
            : {
                ...found,
                session: { ...found.session, userId: edited.userId },
                user: { ...found.user, id: edited.userId, architect: true },
              },
        ),
    });
    return { services: Context.add(services, SessionLookup, lookup), close };
  });
  const architect = await w.architect();
  const { cookie } = await w.person("mallory");
  expect((await w.ask("GET", "/v1/me", { cookie })).status).toBe(200);
  edited = { userId: architect.id };
  expect((await w.ask("GET", "/v1/me", { cookie })).status).toBe(401);
  await w.close();
});

test("a session revoked with others is refused before anybody marks it as ended", async () => {
  let revoked = false;
  const w = await world(async () => {
    const { services, close } = await memoryServices();
    const { find } = Context.get(services, SessionLookup);
    const lookup = SessionLookup.of({
      find: (id) => Effect.map(find(id), (found) => found && { ...found, revoked }),
    });
    return { services: Context.add(services, SessionLookup, lookup), close };
  });
  const { cookie } = await w.person("covered");
  expect((await w.ask("GET", "/v1/session", { cookie })).status).toBe(200);
  revoked = true;
  for (const path of ["/v1/session", "/v1/session/verify", "/v1/me"]) {
    expect((await w.ask("GET", path, { cookie })).status, path).toBe(401);
  }
  await w.close();
});
