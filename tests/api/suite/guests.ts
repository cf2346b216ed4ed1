import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { ReadModels } from "../../../adapters/ports/read-models.ts";
import { movedBy } from "../../../adapters/reactions/merge-tuples.ts";
import { rewriteTuples } from "../../../adapters/reactions/rewrite-tuples.ts";
import { commandUser } from "../../../api/users/command-user.ts";
import { magicLink, redeem } from "../../support/mailed-links.ts";
import type { Stage } from "../suite.ts";
import { PASSWORD, type World } from "../world.ts";

const tuple = (object: string, relation: string, subject: string) => ({
  object,
  relation,
  subject,
});

/** Tuples of a store now. */
const tuplesOf = async (w: World, cookie: string, store: string) => {
  const [head] = await w.heads();
  const path = `/v1/stores/${store}/read?at_least=${head}`;
  const { json } = await w.ask("POST", path, { cookie, body: { limit: 200 } });
  return json.items.map((item: Record<string, unknown>) => {
    const { object, relation, subject } = item;
    return `${object} ${relation} ${subject}`;
  });
};

export function guestTests({ here, fresh }: Stage): void {
  /** A guest with tuples in two stores, under two causes, and an account of theirs. */
  const stage = async (w: World, many = 0) => {
    const { cookie } = await w.architect();
    const guest = await w.ask("POST", "/v1/guest");
    const id = String(guest.json.user.id);
    const { id: into, email } = await w.person("known");
    const stores: Array<string> = [];
    for (const name of ["one", "two"]) {
      const made = await w.ask("POST", "/v1/stores", { cookie, body: { name } });
      stores.push(String(made.json.id));
    }
    const write = async (store: string | undefined, cause: string, writes: ReadonlyArray<object>) =>
      expect(
        (await w.ask("POST", `/v1/stores/${store}/write`, { cookie, body: { writes, cause } }))
          .status,
      ).toBe(200);
    await write(stores[0], "order", [
      tuple("doc:1", "owner", `user:${id}`),
      tuple("doc:2", "viewer", `user:${id}#friend`),
      tuple(`user:${id}`, "friend", "user:grace"),
    ]);
    await write(stores[0], "gift", [tuple("doc:1", "owner", `user:${id}`)]);
    await write(stores[1], "", [
      tuple("doc:9", "viewer", `user:${id}`),
      tuple("doc:9", "viewer", "user:grace"),
      tuple("doc:9", "viewer", `user:${id}0`),
    ]);
    for (let at = 0; at < many; at += 100) {
      const writes = Array.from({ length: 100 }, (_, n) =>
        tuple(`doc:${at + n}-${"x".repeat(200)}`, "viewer", `user:${id}`),
      );
      await write(stores[1], "bulk", writes);
    }
    const guestCookie = String(guest.cookie);
    return { w, cookie, id, into, email, stores, guestCookie };
  };
  const moved = (into: string, id: string) => [
    ["doc:1 owner", "doc:2 viewer"].map((of) => `${of} user:${into}`),
    [`doc:9 viewer user:${into}`, "doc:9 viewer user:grace", `doc:9 viewer user:${id}0`],
  ];
  const expectMoved = async (staged: Awaited<ReturnType<typeof stage>>) => {
    const { w, cookie, id, into, stores } = staged;
    expect((await tuplesOf(w, cookie, stores[0] ?? "")).toSorted()).toEqual(
      [
        `doc:1 owner user:${into}`,
        `doc:2 viewer user:${into}#friend`,
        `user:${into} friend user:grace`,
      ].toSorted(),
    );
    expect((await tuplesOf(w, cookie, stores[1] ?? "")).toSorted()).toEqual(
      [...(moved(into, id)[1] ?? [])].toSorted(),
    );
  };

  test("a guest who signs in becomes that person, for ever; their tuples move", async () => {
    const staged = await stage(await fresh());
    const { w, cookie, id, into, email, guestCookie } = staged;
    const body = { identifier: email, password: PASSWORD };
    const heard = await w.ask("POST", "/v1/sign-in", { cookie: guestCookie, body });
    expect([heard.status, heard.json.user.id]).toEqual([200, into]);
    expect((await w.ask("GET", "/v1/session", { cookie: guestCookie })).status).toBe(401);
    const old = await w.ask("GET", `/v1/users/${id}`, { cookie });
    expect(old.json.user).toMatchObject({ id, status: "erased", mergedInto: into, roles: [] });
    await expectMoved(staged);
  });

  test("a cause still takes back what it gave, after the merge", async () => {
    const staged = await stage(await fresh());
    const { w, cookie, into, email, stores, guestCookie } = staged;
    const body = { identifier: email, password: PASSWORD };
    await w.ask("POST", "/v1/sign-in", { cookie: guestCookie, body });
    const take = (cause: string) =>
      w.ask("POST", `/v1/stores/${stores[0]}/write`, {
        cookie,
        body: { deletes: [tuple("doc:1", "owner", `user:${into}`)], cause },
      });
    await take("order");
    expect(await tuplesOf(w, cookie, stores[0] ?? "")).toContain(`doc:1 owner user:${into}`);
    await take("gift");
    expect(await tuplesOf(w, cookie, stores[0] ?? "")).not.toContain(`doc:1 owner user:${into}`);
  });

  test("a merge that died before it moved the tuples is gone on with, once", async () => {
    const staged = await stage(await fresh());
    const { w, id, into } = staged;
    const context = {
      requestId: crypto.randomUUID(),
      commandId: crypto.randomUUID(),
      address: undefined,
      headers: new Headers(),
      caller: undefined,
    };
    const merge = Effect.gen(function* () {
      const { position = 0 } = yield* commandUser(context as never, {
        userId: id,
        actorId: into,
        command: { type: "MergeGuest", into },
        along: () => ({ dataKeys: { destroy: [`user:${id}`] } }),
      });
      const [record] = yield* (yield* Ledgers).identity.at([position]);
      if (record === undefined) throw new Error("merged nothing");
      const moving = rewriteTuples({
        command: { type: "RewriteTuples", guest: id, into },
        mergedBy: record.id,
        meta: movedBy(record),
        deadlineMs: 10_000,
      });
      // The process and whoever else thinks that it is theirs to do, at once and again.
      yield* Effect.all([moving, moving], { concurrency: "unbounded" });
      const { head } = (yield* Ledgers).identity;
      const before = yield* head;
      yield* moving;
      return { before: before.position, after: (yield* head).position, moving };
    });
    const { before, after, moving } = await w.run(merge);
    expect(after).toBe(before);
    await expectMoved(staged);
    // Somebody who did not know yet writes the guest's first tuple anew, and one more.
    const writes = ["doc:1", "doc:3"].map((object) => tuple(object, "owner", `user:${id}`));
    const path = `/v1/stores/${staged.stores[0]}/write`;
    await w.ask("POST", path, { cookie: staged.cookie, body: { writes, cause: "order" } });
    await w.run(moving);
    const left = await tuplesOf(w, staged.cookie, staged.stores[0] ?? "");
    expect(left).toContain(`doc:3 owner user:${into}`);
    expect(left.filter((one: string) => one.includes(id))).toEqual([]);
  });

  test("hundreds of long tuples move too", async () => {
    const staged = await stage(await fresh(), 300);
    const { w, cookie, id, into, email, stores, guestCookie } = staged;
    const body = { identifier: email, password: PASSWORD };
    const heard = await w.ask("POST", "/v1/sign-in", { cookie: guestCookie, body });
    expect(heard.status).toBe(200);
    const left = Effect.gen(function* () {
      const { list } = yield* ReadModels;
      const about = (user: string) =>
        list("tuples", { tags: [`${stores[1]}|subject:user:${user}`], limit: 500 });
      return [(yield* about(id)).items.length, (yield* about(into)).items.length];
    });
    const [head = 0] = await w.heads();
    await w.ask("POST", `/v1/stores/${stores[1]}/read?at_least=${head}`, { cookie, body: {} });
    expect(await w.run(left)).toEqual([0, 301]);
  });

  test("a guest who redeems the link of an account is merged into it", async () => {
    const w = await fresh();
    const admin = await w.architect();
    const { id, email } = await w.person("linked");
    const guest = await w.ask("POST", "/v1/guest");
    const heard = await redeem(w, await magicLink(w, email), { cookie: guest.cookie });
    expect(heard.json.user.id).toBe(id);
    const old = await w.ask("GET", `/v1/users/${guest.json.user.id}`, { cookie: admin.cookie });
    expect(old.json.user.mergedInto).toBe(id);
  });

  test("ten sign-ins of one guest at once: merged once, and never a person", async () => {
    const w = await fresh();
    const { cookie } = await w.architect();
    const { email, id } = await w.person("parallel");
    const guest = await w.ask("POST", "/v1/guest");
    const body = { identifier: email, password: PASSWORD };
    const heard = await Promise.all(
      Array.from({ length: 10 }, () =>
        w.ask("POST", "/v1/sign-in", { cookie: guest.cookie, body }),
      ),
    );
    expect(heard.some(({ status }) => status === 200)).toBe(true);
    expect(heard.every(({ status }) => [200, 503].includes(status))).toBe(true);
    const [head] = await w.heads();
    const path = `/v1/users/${guest.json.user.id}/history?at_least=${head}`;
    const { items } = (await w.ask("GET", path, { cookie })).json;
    const types = items.map(({ type }: { type: string }) => type);
    expect(types).toEqual(["IdentityMerged", "GuestAdmitted"]);
    expect(heard.find(({ status }) => status === 200)?.json.user.id).toBe(id);
  });

  test("a person who signs in to another account stays two people", async () => {
    const [one, other] = [await here().person("one"), await here().person("other")];
    const body = { identifier: other.email, password: PASSWORD };
    await here().ask("POST", "/v1/sign-in", { cookie: one.cookie, body });
    const again = { identifier: one.email, password: PASSWORD };
    expect((await here().ask("POST", "/v1/sign-in", { body: again })).json.user.id).toBe(one.id);
  });
}
