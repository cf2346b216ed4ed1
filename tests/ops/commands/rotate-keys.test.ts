import { afterAll, beforeAll, expect, test } from "vitest";
import { makeHistory, settled } from "./history.ts";
import { type Installation, openInstallation } from "./installation.ts";
import { onEachStore, type Place, place } from "./on-each-store.ts";

type Key = { readonly kid: string; readonly status: string };

onEachStore("rotate-keys", (store) => {
  let where: Place;
  let at: Installation;
  beforeAll(async () => {
    where = await place(store);
    at = await openInstallation(where.folder, where.variables, "server");
    await makeHistory(at.ask);
    await settled(at);
  });
  afterAll(async () => {
    await at?.close();
    await where?.remove();
  });
  const rotate = async (...more: ReadonlyArray<string>) => {
    const { status, out, err } = await at.run("rotate-keys", "--json", ...more);
    expect(err).toEqual([]);
    const said = JSON.parse(out[0] ?? "") as {
      readonly rotated: boolean;
      readonly keys: ReadonlyArray<Key>;
    };
    const kids = (wanted: string) =>
      said.keys.filter((key) => key.status === wanted).map(({ kid }) => kid);
    return { status, ...said, kids };
  };

  test("makes the first keys, waits for a day, and does not when it is forced", async () => {
    const first = await rotate();
    expect([first.status, first.rotated, first.keys.length]).toEqual([0, true, 6]);
    const early = await rotate();
    expect([early.status, early.rotated]).toEqual([1, false]);
    expect(early.keys).toEqual(first.keys);
    const forced = await rotate("--force");
    expect([forced.status, forced.rotated]).toEqual([0, true]);
    expect(forced.kids("active").toSorted()).toEqual(first.kids("published").toSorted());
    expect(forced.kids("retired").toSorted()).toEqual(first.kids("active").toSorted());
  });

  test("says what it did in words, and in one line what was wrong", async () => {
    const { status, out } = await at.run("rotate-keys");
    expect([status, out.at(-1)]).toEqual([1, expect.stringContaining("less than 24 hours")]);
    const wrong = await at.run("rotate-keys", "--hard");
    expect([wrong.status, wrong.err.length]).toEqual([2, 1]);
  });
});
