import * as Effect from "effect/Effect";
import { expect } from "vitest";
import type { LedgerName } from "../../domain/ledger/entry.ts";

import {
  append,
  at,
  drafts,
  headOf,
  type It,
  newRequest,
  newStream,
  read,
  revisionsOf,
  together,
  WRITERS,
} from "./ledger-requests.ts";

/** What an append checks, answers and repeats, and where its entries stand. */
export function appending(it: It): void {
  expectations(it);
  races(it);
  racesOnActivity(it);
  repetitions(it);
  places(it);
}

function expectations(it: It): void {
  it("append() answers position and revision of the last entry", async (on) => {
    const stream = newStream();
    const before = await on(headOf("identity"));
    const appended = await on(append({ stream, expect: "none", entries: drafts(3) }));
    expect(appended).toEqual({
      position: before.position + 3,
      revision: 2,
      repeated: false,
    });
    const next = await on(append({ stream, expect: { exact: 2 } }));
    expect(next).toEqual({ position: before.position + 4, revision: 3, repeated: false });
  });

  for (const { expect: wanted, onNew, onUsed } of [
    { expect: "none", onNew: true, onUsed: false },
    { expect: "exists", onNew: false, onUsed: true },
    { expect: "any", onNew: true, onUsed: true },
    { expect: { exact: 1 }, onNew: false, onUsed: true },
    { expect: { exact: 0 }, onNew: false, onUsed: false },
    { expect: { exact: 2 }, onNew: false, onUsed: false },
  ] as const) {
    for (const [kind, actual, passes] of [
      ["an absent stream", -1, onNew],
      ["a stream at revision 1", 1, onUsed],
    ] as const) {
      const verdict = passes ? "passes" : "is refused";
      it(`append() expecting ${JSON.stringify(wanted)} of ${kind} ${verdict}`, async (on) => {
        const stream = newStream();
        if (actual === 1) await on(append({ stream, entries: drafts(2) }));
        const before = await on(headOf("identity"));
        if (passes) {
          const { revision } = await on(append({ stream, expect: wanted }));
          expect(revision).toBe(actual + 1);
          return;
        }
        const error = await on(Effect.flip(append({ stream, expect: wanted })));
        const conflict = { _tag: "RevisionConflict", stream, expected: wanted, actual };
        expect(error).toMatchObject(conflict);
        expect(await on(headOf("identity"))).toEqual(before);
      });
    }
  }
}

function races(it: It): void {
  it("append() at one revision at once lets exactly one pass", async (on) => {
    const stream = newStream();
    await on(append({ stream, expect: "none" }));
    const results = await on(
      together(8, () => Effect.result(append({ stream, expect: { exact: 0 } }))),
    );
    const lost = results.filter((result) => result._tag === "Failure");
    expect(lost).toHaveLength(7);
    for (const { failure } of lost) {
      expect(failure).toMatchObject({ _tag: "RevisionConflict", actual: 1 });
    }
    expect(await on(revisionsOf(stream))).toEqual([0, 1]);
  });

  it("append() that is refused takes nothing of its batch with it", async (on) => {
    const [good, bad] = [newStream(), newStream()];
    const results = await on(
      together(12, (index) =>
        Effect.result(
          index % 3 === 0
            ? append({ stream: bad, expect: "exists" })
            : append({ stream: good, expect: "any" }),
        ),
      ),
    );
    expect(results.map((result) => result._tag)).toEqual(
      Array.from({ length: 12 }, (_, index) => (index % 3 === 0 ? "Failure" : "Success")),
    );
    expect(await on(revisionsOf(good))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await on(revisionsOf(bad))).toEqual([]);
  });
}

/** No unique index stands behind these: activity is guarded by the head lock alone. */
function racesOnActivity(it: It): void {
  it("append() at once on one activity stream gives each a revision of its own", async (on) => {
    const stream = newStream();
    await on(together(WRITERS, () => append({ stream, entries: drafts(2) }, "activity")));
    const records = await on(read({ stream }, "activity"));
    expect(records.map(({ revision }) => revision)).toEqual(
      Array.from({ length: 2 * WRITERS }, (_, index) => index),
    );
  });

  it("append() at one activity revision at once lets exactly one pass", async (on) => {
    const stream = newStream();
    const results = await on(
      together(8, () => Effect.result(append({ stream, expect: "none" }, "activity"))),
    );
    expect(results.filter(({ _tag }) => _tag === "Success")).toHaveLength(1);
    expect(await on(read({ stream }, "activity"))).toHaveLength(1);
  });

  it("append() of one activity request twice appends it once", async (on) => {
    const request = { requestId: newRequest(), stream: newStream() };
    const [first, second] = await on(together(2, () => append(request, "activity")));
    const third = await on(append(request, "activity"));
    expect([first?.position, second?.position]).toEqual([third.position, third.position]);
    expect(await on(read({ stream: request.stream }, "activity"))).toHaveLength(1);
  });
}

function repetitions(it: It): void {
  it("append() of a request already applied answers its first places", async (on) => {
    const request = { requestId: newRequest(), stream: newStream(), entries: drafts(2) };
    const first = await on(append({ ...request, expect: "none" }));
    await on(append({}));
    const before = await on(headOf("identity"));
    // Its expectation no longer holds, and still it is the same request.
    const again = await on(append({ ...request, expect: "none" }));
    expect(again).toEqual({ ...first, repeated: true });
    expect(await on(headOf("identity"))).toEqual(before);
  });

  it("append() of one request many times at once appends it once", async (on) => {
    const request = { requestId: newRequest(), stream: newStream(), entries: drafts(2) };
    const results = await on(together(WRITERS, (index) => append(index % 2 === 0 ? request : {})));
    const same = results.filter((_, index) => index % 2 === 0);
    expect(new Set(same.map(({ position }) => position)).size).toBe(1);
    expect(same.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(await on(revisionsOf(request.stream))).toEqual([0, 1]);
  });

  it("append() gives entries of a request the same ids on every ledger", async (on) => {
    const requestId = newRequest();
    const [identity, activity] = [newStream(), newStream()];
    await on(append({ requestId, stream: identity, entries: drafts(2) }));
    await on(append({ requestId, stream: activity, entries: drafts(2) }, "activity"));
    const ids = async (ledger: LedgerName, stream: string) =>
      (await on(read({ stream }, ledger))).map(({ id }) => id);
    const derived = await ids("identity", identity);
    expect(new Set(derived).size).toBe(2);
    expect(await ids("activity", activity)).toEqual(derived);
  });

  it("append() refused may be sent again under the same request id", async (on) => {
    const request = { requestId: newRequest(), stream: newStream() };
    await on(Effect.flip(append({ ...request, expect: "exists" })));
    const appended = await on(append({ ...request, expect: "none" }));
    expect(appended).toMatchObject({ revision: 0, repeated: false });
  });
}

function places(it: It): void {
  it("positions are contiguous and entries of a request stand together", async (on) => {
    const before = await on(headOf("identity"));
    const requests = Array.from({ length: WRITERS }, (_, index) => ({
      stream: newStream(),
      entries: drafts(1 + (index % 4)),
    }));
    const answers = await on(together(WRITERS, (index) => append(requests[index] ?? {})));
    const records = await on(read({ from: before.position + 1 }));
    expect(records.map(({ position }) => position)).toEqual(
      records.map((_, index) => before.position + 1 + index),
    );
    for (const [index, { stream, entries }] of requests.entries()) {
      const mine = records.filter((record) => record.stream === stream);
      const last = answers[index]?.position ?? 0;
      expect(mine.map(({ position }) => position)).toEqual(
        entries.map((_, step) => last - entries.length + 1 + step),
      );
      expect(mine.map(({ revision }) => revision)).toEqual(entries.map((_, step) => step));
      expect(mine.map(({ data }) => data)).toEqual(entries.map(({ data }) => data));
    }
  });

  it("head answers the last position with its leaf and the epoch", async (on) => {
    const { position } = await on(append({}));
    const [record] = await on(at([position]));
    const head = await on(headOf("identity"));
    expect(head).toEqual({ position, leaf: record?.leaf, epoch: expect.any(String) });
    expect((await on(headOf("identity"))).epoch).toBe(head.epoch);
  });

  it("identity and activity count on their own", async (on) => {
    const identity = await on(headOf("identity"));
    const activity = await on(headOf("activity"));
    const stream = newStream();
    const appended = await on(append({ stream, expect: "none" }, "activity"));
    expect(appended).toMatchObject({ position: activity.position + 1, revision: 0 });
    expect(await on(headOf("identity"))).toEqual(identity);
    expect(await on(read({ stream }))).toEqual([]);
    const [record] = await on(read({ stream }, "activity"));
    expect(record).toMatchObject({ ledger: "activity", stream, revision: 0 });
  });
}
