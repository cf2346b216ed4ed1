import type { JsonObject } from "../../domain/json.ts";
import { type Narrator, pick, send, TourFailed } from "./narration.ts";
import type { Visitor } from "./visitor.ts";

type Stage = {
  readonly base: string;
  readonly tell: Narrator;
  readonly ada: Visitor;
  readonly bob: Visitor;
};

/** Bob links an account that he has at a provider; no second server is needed, this one is both. */
export async function providerSteps({ base, tell, ada, bob }: Stage): Promise<void> {
  await tell.step(
    "A provider is any OpenID Connect issuer by its URL; here this server is its own",
  );
  const client = await send(ada, 201, "POST", "/v1/clients", {
    name: "This server as an application",
    type: "web",
    redirectUris: [`${base}/v1/providers/home/callback`],
    skipConsent: true,
  });
  const { clientId = "", clientSecret = "" } = client.body;
  const opening = { id: "home", name: "Home", issuer: base };
  const opened = await send(ada, 201, "POST", "/v1/providers", {
    ...opening,
    clientId,
    clientSecret,
  });
  await tell.exchange("POST /v1/providers", opened, pick(opening, "id", "name"));
  const leaving = await send(bob, 200, "POST", "/v1/providers/home/link", {});
  const ended = await bob.follow(String(leaving.body["redirectTo"]));
  await tell.exchange("POST /v1/providers/home/link and back", leaving, { ended });
  const listed = await send(bob, 200, "GET", "/v1/me/accounts");
  const items = (listed.body["items"] as ReadonlyArray<JsonObject>).map((account) =>
    pick(account, "provider", "providerSubject"),
  );
  if (!items.some(({ provider }) => provider === "home")) {
    throw new TourFailed(`no account was linked; the browser ended at ${ended}`);
  }
  await tell.exchange("GET /v1/me/accounts", listed, { items });
}
