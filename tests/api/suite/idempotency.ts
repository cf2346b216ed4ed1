import * as Effect from "effect/Effect";
import { beforeAll, expect, test } from "vitest";
import { Answers } from "../../../adapters/ports/answers.ts";
import { scopeOf } from "../../../api/http/idempotency.ts";
import type { Stage } from "../suite.ts";
import { PASSWORD } from "../world.ts";

export function idempotencyTests({ here }: Stage): void {
  let cookie: string;
  let callerId: string;
  let other: string;
  beforeAll(async () => {
    const architect = await here().architect();
    cookie = architect.cookie;
    callerId = architect.id;
    const second = await here().person("second");
    await here().ask("POST", "/v1/architects", { cookie, body: { userId: second.id } });
    other = second.cookie;
  });
  const create = (key: string, name = "Docs", by = cookie) =>
    here().ask("POST", "/v1/stores", {
      cookie: by,
      headers: { "idempotency-key": key },
      body: { name },
    });

  test("the same key and body get the same answer and append nothing twice", async () => {
    const first = await create("one");
    const before = await here().heads();
    const again = await create("one");
    expect([again.status, again.json, again.position]).toEqual([201, first.json, first.position]);
    expect(await here().heads()).toEqual(before);
  });

  test("an answer that showed somebody does not show them again once they are erased", async () => {
    const { id } = await here().person("answered");
    const grant = () =>
      here().ask("POST", `/v1/users/${id}/roles/buyer`, {
        cookie,
        headers: { "idempotency-key": "erased" },
      });
    const first = await grant();
    expect(first.json.user.email).toBeTypeOf("string");
    expect((await grant()).json).toEqual(first.json);
    await here().ask("DELETE", `/v1/users/${id}`, { cookie });
    const again = await grant();
    expect([again.status, again.json.code]).toEqual([410, "erased"]);
  });

  test("another body under the same key is refused", async () => {
    await create("two");
    const heard = await create("two", "Other");
    expect([heard.status, heard.json.code]).toEqual([422, "idempotency_mismatch"]);
  });

  test("a key is the caller's and the route's own", async () => {
    const first = await create("three");
    const theirs = await create("three", "Docs", other);
    expect(theirs.status).toBe(201);
    expect(theirs.json.id).not.toBe(first.json.id);
    const heard = await here().ask("PATCH", "/v1/me", {
      cookie,
      headers: { "idempotency-key": "three" },
      body: { name: "Other route" },
    });
    expect(heard.status).toBe(200);
  });

  test("many at once run once: one answer, the others are told that it runs", async () => {
    const [before = 0] = await here().heads();
    const heard = await Promise.all(Array.from({ length: 5 }, () => create("four")));
    const ids = heard.filter(({ status }) => status === 201).map(({ json }) => json.id);
    expect(new Set(ids).size).toBe(1);
    for (const { status, json } of heard) {
      if (status !== 201) expect([status, json.code]).toEqual([409, "idempotency_running"]);
    }
    expect((await here().heads())[0]).toBe(before + 1);
  });

  test("a refusal is answered again too; malformed keys are refused", async () => {
    const path = `/v1/users/${crypto.randomUUID()}/roles/buyer`;
    const headers = { "idempotency-key": "five" };
    const first = await here().ask("POST", path, { cookie, headers });
    const again = await here().ask("POST", path, { cookie, headers });
    expect([first.json.code, again.json.code]).toEqual(["not_found", "not_found"]);
    expect((await create("a b")).json).toMatchObject({ status: 400, field: "idempotency-key" });
    expect((await create("x".repeat(256))).status).toBe(400);
  });

  /** The process died between the append and the answer: the next try is a new one. */
  const answerLost = (key: string, target: string) =>
    here().run(
      Effect.gen(function* () {
        yield* (yield* Answers).forget(yield* scopeOf({ key, callerId, target }));
      }),
    );

  test("a store whose answer was lost is answered again, not made or named again", async () => {
    const first = await create("lost");
    const before = await here().heads();
    await answerLost("lost", "POST /v1/stores");
    const again = await create("lost");
    expect([again.status, again.json, again.position]).toEqual([201, first.json, first.position]);
    expect(await here().heads()).toEqual(before);
  });

  test("a conditional write whose answer was lost is not refused by its own event", async () => {
    const { json, position } = await create("conditional");
    const path = `/v1/stores/${json.id}/write`;
    const writes = [{ object: "doc:1", relation: "viewer", subject: "user:1" }];
    const write = (key: string) =>
      here().ask("POST", path, {
        cookie,
        headers: { "idempotency-key": key },
        body: { writes, ifPosition: position },
      });
    const first = await write("seven");
    const before = await here().heads();
    await answerLost("seven", `POST ${path}`);
    const again = await write("seven");
    expect([again.status, again.json]).toEqual([200, first.json]);
    const late = await write("eight");
    expect([late.status, late.json.code]).toEqual([409, "position_moved"]);
    expect(await here().heads()).toEqual(before);
  });

  test("sign-up, guest and sign-in ignore the key", async () => {
    const headers = { "idempotency-key": "six" };
    const guests = [1, 2].map(() => here().ask("POST", "/v1/guest", { headers }));
    const [one, two] = await Promise.all(guests);
    expect(one?.json.user.id).not.toBe(two?.json.user.id);
    const body = { email: "key@example.org", password: PASSWORD };
    const statuses = [];
    for (let time = 0; time < 2; time++) {
      statuses.push((await here().ask("POST", "/v1/sign-up", { headers, body })).status);
    }
    expect(statuses).toEqual([201, 409]);
  });
}
