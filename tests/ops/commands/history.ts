import { expect } from "vitest";
import { readModels } from "../../../projections/catalogue.ts";
import { eventually } from "../../support/faults-eventually.ts";
import { type Answer, type Asked, type Installation, SETUP_TOKEN } from "./installation.ts";

export const PASSWORD = "a long password of the command tests";

/** The people of a ledger with a bit of everything in it. */
export type People = {
  /** Architect. */
  readonly ada: { readonly id: string; readonly cookie: string };
  readonly bob: { readonly id: string; readonly cookie: string };
  /** Blocked. */
  readonly eve: { readonly id: string; readonly cookie: string };
  readonly storeId: string;
  /** Where Bob was a guest. */
  readonly guestAt: number;
};

/** Makes history over the API: sign-ups, a promoted guest, roles, tuples, a block. */
export const makeHistory = async (
  ask: (route: string, asked?: Asked) => Promise<Answer>,
  token = SETUP_TOKEN,
): Promise<People> => {
  const must = async (status: number, route: string, asked?: Asked) => {
    const answer = await ask(route, asked);
    expect(answer.status, `${route} ${JSON.stringify(answer.body)}`).toBe(status);
    return answer;
  };
  const setUp = await must(201, "POST /v1/setup", {
    body: { token, email: "ada@example.com", password: PASSWORD },
  });
  const ada = { id: setUp.body.user.id, cookie: setUp.cookie };
  const guest = await must(201, "POST /v1/guest");
  const signUp = { email: "bob@example.com", password: PASSWORD, name: "Bob" };
  const promoted = await must(201, "POST /v1/sign-up", { cookie: guest.cookie, body: signUp });
  const bob = { id: promoted.body.user.id, cookie: promoted.cookie || guest.cookie };
  const third = await must(201, "POST /v1/sign-up", {
    body: { email: "eve@example.com", password: PASSWORD, name: "Eve" },
  });
  const eve = { id: third.body.user.id, cookie: third.cookie };
  const { cookie } = ada;
  await must(200, `POST /v1/users/${bob.id}/roles/buyer`, { cookie });
  const store = await must(201, "POST /v1/stores", { cookie, body: { name: "shop" } });
  const tuple = (order: number) => ({
    object: `order:${order}`,
    relation: "owner",
    subject: `user:${bob.id}`,
  });
  const path = `POST /v1/stores/${store.body.id}/write`;
  await must(200, path, { cookie, body: { writes: [tuple(1), tuple(2)], cause: "orders" } });
  await must(200, path, { cookie, body: { deletes: [tuple(2)], cause: "orders" } });
  await must(200, `POST /v1/users/${eve.id}/block`, { cookie });
  return { ada, bob, eve, storeId: store.body.id, guestAt: guest.position };
};

const ofActivity = readModels
  .filter(({ ledger }) => ledger === "activity")
  .map(({ name }) => `'${name}'`)
  .join(", ");

/** Until every read model has written down that it is at its ledger's head, and mails are out. */
export const settled = ({ sql }: Pick<Installation, "sql">): Promise<true> =>
  eventually("every read model is at the head, every mail sent", async () => {
    const unsent = await sql(`SELECT 1 FROM authledger.identity_events e
      LEFT JOIN authledger.outbox o ON o.event_id = e.id
      WHERE e.type IN ('UserSignedUp', 'GuestPromoted')
        AND (o.state IS NULL OR o.state = 'waiting')`);
    if (unsent.length > 0) return undefined;
    const behind = await sql(`SELECT 1 FROM authledger.cursors c JOIN authledger.heads h
      ON h.ledger = CASE WHEN c.name IN (${ofActivity}) THEN 'activity' ELSE 'identity' END
      WHERE c.build > 0 AND c.position < h.position`);
    return behind.length === 0 ? true : undefined;
  });
