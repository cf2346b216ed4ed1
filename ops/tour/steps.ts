import type { JsonObject } from "../../domain/json.ts";
import { type Narrator, pick, send, TourFailed } from "./narration.ts";
import { providerSteps } from "./provider-steps.ts";
import { tokenSteps } from "./token-steps.ts";
import { type Answered, type Visitor, visitor } from "./visitor.ts";

export type Stage = { readonly base: string; readonly setupToken: string; readonly tell: Narrator };

/** A mail follows the ledger in the background: it is there in a moment, on any machine by then. */
const MAIL_DEADLINE_MS = 20_000;
const MAIL_POLL_MS = 50;

/** The main job, over HTTP, each step on what the steps before left. */
export async function mainJob({ base, setupToken, tell }: Stage): Promise<void> {
  const ada = visitor(base);
  const bob = visitor(base);

  await tell.step("Set up: whoever holds the set-up token becomes the first architect");
  const setUp = await send(ada, 201, "POST", "/v1/setup", {
    token: setupToken,
    email: "ada@example.com",
    password: "a long enough passphrase",
  });
  await tell.exchange("POST /v1/setup", setUp, pick(userOf(setUp), "id", "email", "roles"));

  await tell.step("Sign up: one append, with the e-mail address claimed in the same transaction");
  const carol = await send(visitor(base), 201, "POST", "/v1/sign-up", {
    email: "carol@example.com",
    password: "another long passphrase",
    name: "Carol",
  });
  await tell.exchange("POST /v1/sign-up", carol, pick(userOf(carol), "id", "email", "roles"));

  await tell.step("A guest works first and signs up later: the id stays, nothing moves");
  const guest = await send(bob, 201, "POST", "/v1/guest");
  const guestPosition = guest.position ?? 0;
  await tell.exchange("POST /v1/guest", guest, pick(userOf(guest), "id", "roles", "guest"));
  const promoted = await send(bob, 201, "POST", "/v1/sign-up", {
    email: "bob@example.com",
    password: "a third long passphrase",
    name: "Bob",
  });
  const bobId = String(userOf(promoted)["id"]);
  await tell.exchange("POST /v1/sign-up", promoted, pick(userOf(promoted), "id", "email", "roles"));
  if (bobId !== userOf(guest)["id"]) throw new TourFailed("the guest's id did not stay");

  await tell.step("The address is proved by the link in the mail, which works once");
  const mail = await mailTo(ada, "bob@example.com");
  await tell.said(`mail to bob@example.com: "${String(mail["subject"])}"`);
  const token = new URL(String(mail["link"])).searchParams.get("token") ?? "";
  const proved = await send(bob, 200, "POST", "/v1/email/verify", { token });
  await tell.exchange("POST /v1/email/verify", proved, proved.body);
  const twice = await send(bob, 403, "POST", "/v1/email/verify", { token });
  await tell.exchange("POST /v1/email/verify", twice, pick(twice.body, "code"));

  await tell.step("An architect finds him by the beginning of a word; the index holds no word");
  const found = await send(ada, 200, "GET", `/v1/users?q=bo&at_least=${proved.position ?? 0}`);
  await tell.exchange("GET /v1/users?q=bo", found, {
    items: itemsOf(found).map((item) => pick(item, "name", "email", "emailVerified")),
  });

  await tell.step("An architect grants a role; it counts from the next request on");
  const granted = await send(ada, 200, "POST", `/v1/users/${bobId}/roles/buyer`);
  await tell.exchange(
    "POST /v1/users/{bob}/roles/buyer",
    granted,
    pick(userOf(granted), "id", "roles"),
  );

  await tell.step("A relationship tuple: who may do what to which object");
  const store = await send(ada, 201, "POST", "/v1/stores", { name: "shop" });
  const tuple = { object: "order:1", relation: "owner", subject: `user:${bobId}` };
  const path = `/v1/stores/${String(store.body["id"])}/write`;
  const written = await send(ada, 200, "POST", path, { writes: [tuple], cause: "order-1" });
  await tell.exchange("POST /v1/stores/{shop}/write", written, { writes: [tuple] });

  await tokenSteps({ base, tell, ada });
  await providerSteps({ base, tell, ada, bob });

  await tell.step("The past is a query: Bob as he was when he was a guest, and as he is");
  const then = await send(ada, 200, "GET", `/v1/users/${bobId}?as_of=${guestPosition}`);
  const shown = ["roles", "guest", "email"] as const;
  await tell.exchange(
    `GET /v1/users/{bob}?as_of=${guestPosition}`,
    then,
    pick(userOf(then), ...shown),
  );
  const now = await send(ada, 200, "GET", `/v1/users/${bobId}`);
  await tell.exchange("GET /v1/users/{bob}", now, pick(userOf(now), ...shown));

  await tell.step("Bob asks to be erased: his key is destroyed, the history stays provable");
  const erased = await send(bob, 204, "DELETE", "/v1/me");
  await tell.exchange("DELETE /v1/me", erased, {});
  const left = await send(ada, 200, "GET", `/v1/users/${bobId}?as_of=${promoted.position ?? 0}`);
  await tell.exchange(
    `GET /v1/users/{bob}?as_of=${promoted.position ?? 0}`,
    left,
    pick(userOf(left), "roles", "email"),
  );
}

/** The mail to an address, once it is in the mailbox that a server on localhost has. */
async function mailTo(who: Visitor, to: string): Promise<JsonObject> {
  const end = Date.now() + MAIL_DEADLINE_MS;
  for (;;) {
    const mailbox = await send(who, 200, "GET", "/dev/mail");
    const mail = itemsOf(mailbox).find((item) => item["to"] === to);
    if (mail !== undefined) return mail;
    if (Date.now() > end) throw new TourFailed(`no mail to ${to} came`);
    await new Promise((resolve) => setTimeout(resolve, MAIL_POLL_MS));
  }
}

function itemsOf({ body }: Answered): ReadonlyArray<JsonObject> {
  const items = body["items"];
  return Array.isArray(items) ? (items as ReadonlyArray<JsonObject>) : [];
}

function userOf({ body }: Answered): JsonObject {
  const user = body["user"] ?? body;
  return user as JsonObject;
}
