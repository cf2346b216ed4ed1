import { expect } from "vitest";
import { ask } from "./faults-client.ts";
import { SETUP_TOKEN } from "./faults-server.ts";

/** The first architect of a server, signed in, with a store for tuples. */
export type Architect = {
  readonly cookie: string;
  readonly userId: string;
  readonly storeId: string;
};

export const PASSWORD = "a long password of the fault tests";

export const architectOf = async (base: string): Promise<Architect> => {
  const setUp = await ask(base, "POST /v1/setup", {
    body: { token: SETUP_TOKEN, email: "architect@example.com", password: PASSWORD },
  });
  expect(setUp.status, JSON.stringify(setUp.body)).toBe(201);
  const { cookie } = setUp;
  const store = await ask(base, "POST /v1/stores", { cookie, body: { name: "faults" } });
  expect(store.status, JSON.stringify(store.body)).toBe(201);
  return { cookie, userId: setUp.body.user.id, storeId: store.body.id };
};
