import { describe, expect, test } from "vitest";
import {
  type FreshKey,
  type KeyringCommand,
  type KeyringEvent,
  keyring,
  SIGNING_ALGORITHMS,
} from "../../domain/keyring/mod.ts";
import { given } from "../support/given.ts";
import { fresh, moment } from "./keyring-arbitraries.ts";

const DAY = 24;
const [rs, es, ed] = SIGNING_ALGORITHMS.map((algorithm) => (n: number) => fresh(algorithm, n)) as [
  (n: number) => FreshKey,
  (n: number) => FreshKey,
  (n: number) => FreshKey,
];

const minted = (key: FreshKey): KeyringEvent => ({ type: "SigningKeyMinted", ...key });
const published = ({ kid }: FreshKey, signsFrom: string): KeyringEvent => {
  return { type: "SigningKeyPublished", kid, signsFrom };
};
const activated = ({ kid }: FreshKey, hours: number): KeyringEvent => {
  return { type: "SigningKeyActivated", kid, rotatesAt: moment(hours).rotatesAt };
};
const retired = ({ kid }: FreshKey, hours: number): KeyringEvent => {
  return { type: "SigningKeyRetired", kid, withdrawnFrom: moment(hours).withdrawnFrom };
};
const compromised = ({ kid }: FreshKey): KeyringEvent => ({ type: "SigningKeyCompromised", kid });
const standby = (key: FreshKey, hours: number) => [
  minted(key),
  published(key, moment(hours).signsFrom),
];
/** The second key of an algorithm follows its first, and its third is next. */
const followed = (of: (n: number) => FreshKey, hours: number) => [
  retired(of(1), hours),
  activated(of(2), hours),
  ...standby(of(3), hours),
];

const begun = [rs, es, ed].flatMap((of) => [
  minted(of(1)),
  published(of(1), moment(0).now),
  activated(of(1), 0),
  ...standby(of(2), 0),
]);

type Cause = "due" | "ready" | "forced";
const rotate = (hours: number, cause: Cause, ...keys: ReadonlyArray<FreshKey>) =>
  ({
    type: "RotateKeys",
    cause,
    moment: moment(hours),
    seen: [1, 2, 3].flatMap((n) => [rs(n).kid, es(n).kid, ed(n).kid]),
    fresh: keys,
  }) satisfies KeyringCommand;
const settled = (rotated: ReadonlyArray<FreshKey>, ...withdrawn: ReadonlyArray<FreshKey>) =>
  ({
    type: "settled",
    rotated: rotated.map(({ algorithm }) => algorithm),
    withdrawn: withdrawn.map(({ kid }) => kid),
  }) as const;

describe("signing keys", () => {
  test("begin with one that signs and one that is next, of each algorithm", () => {
    const keys = [rs(1), es(1), ed(1), rs(2), es(2), ed(2)];
    given(keyring)
      .when(rotate(0, "due", ...keys))
      .then(settled([rs(1), es(1), ed(1)]), ...begun);
  });

  test("are not decided about without the fresh keys that it takes", () => {
    const twice = SIGNING_ALGORITHMS.flatMap((algorithm) => [algorithm, algorithm]);
    given(keyring)
      .when(rotate(0, "due", rs(1), es(1)))
      .then({ type: "wants_keys", algorithms: twice });
    given(keyring, ...begun)
      .when(rotate(30 * DAY, "due", es(3)))
      .then({ type: "wants_keys", algorithms: ["RS256", "EdDSA"] });
  });

  test("that crossed another rotation are left alone", () => {
    given(keyring, ...begun)
      .when({ ...rotate(1, "forced", rs(3), es(3), ed(3)), seen: [rs(2).kid, es(1).kid] })
      .then(settled([es(1)]), ...followed(es, 1));
  });

  test("are taken once: what was minted before is not fresh", () => {
    given(keyring, ...begun)
      .when(rotate(1, "forced", rs(2), es(2), ed(2)))
      .then({ type: "wants_keys", algorithms: SIGNING_ALGORITHMS });
  });

  test.each([
    ["due", 30 * DAY - 1, false],
    ["due", 30 * DAY, true],
    ["ready", DAY - 1, false],
    ["ready", DAY, true],
    ["forced", 1, true],
  ] as const)("are rotated when %s, after %d hours: %s", (cause, hours, rotates) => {
    const keys = [rs(3), es(3), ed(3)];
    const events = [rs, es, ed].flatMap((of) => followed(of, hours));
    given(keyring, ...begun)
      .when(rotate(hours, cause, ...keys))
      .then(settled(rotates ? keys : []), ...(rotates ? events : []));
  });

  test("that are due wait for a standby that clients know", () => {
    const replaced = [compromised(rs(2)), ...standby(rs(3), 30 * DAY)];
    given(keyring, ...begun, ...replaced)
      .when(rotate(31 * DAY - 1, "due", rs(4), es(3), ed(3)))
      .then(settled([es(1), ed(1)]), ...[es, ed].flatMap((of) => followed(of, 31 * DAY - 1)));
  });

  test("leave the JWKS sixty days after they were retired", () => {
    const past = [...begun, ...followed(rs, DAY)];
    given(keyring, ...past)
      .when(rotate(61 * DAY - 1, "due", rs(4), es(3), ed(3)))
      .then(
        settled([rs(2), es(1), ed(1)]),
        retired(rs(2), 61 * DAY - 1),
        activated(rs(3), 61 * DAY - 1),
        ...standby(rs(4), 61 * DAY - 1),
        ...[es, ed].flatMap((of) => followed(of, 61 * DAY - 1)),
      );
    const late = [...past, ...[es, ed].flatMap((of) => followed(of, 40 * DAY))];
    given(
      keyring,
      ...late,
      retired(rs(2), 40 * DAY),
      activated(rs(3), 40 * DAY),
      ...standby(rs(4), 60 * DAY),
    )
      .when(rotate(61 * DAY, "due"))
      .then(settled([], rs(1)), { type: "SigningKeyWithdrawn", kid: rs(1).kid });
  });
});

describe("a compromised key", () => {
  const lose = ({ kid }: FreshKey, ...keys: ReadonlyArray<FreshKey>) =>
    ({ type: "MarkCompromised", kid, moment: moment(1), fresh: keys }) satisfies KeyringCommand;
  const done = { type: "compromised" } as const;

  test("that signs is followed at once by the standby that clients know", () => {
    given(keyring, ...begun)
      .when(lose(es(1), es(3)))
      .then(done, compromised(es(1)), activated(es(2), 1), ...standby(es(3), 1));
    given(keyring, ...begun)
      .when(lose(es(1)))
      .then({ type: "wants_keys", algorithms: ["ES256"] });
  });

  test("that is next is replaced by another", () => {
    given(keyring, ...begun)
      .when(lose(es(2), es(3)))
      .then(done, compromised(es(2)), ...standby(es(3), 1));
  });

  test("that signs no more only leaves the JWKS, and once", () => {
    const past = [...begun, ...followed(es, 0)];
    given(keyring, ...past)
      .when(lose(es(1)))
      .then(done, compromised(es(1)));
    given(keyring, ...past, compromised(es(1)))
      .when(lose(es(1), es(4)))
      .then(done);
  });

  test("that nobody minted is not known", () => {
    given(keyring, ...begun)
      .when(lose(es(9), es(3)))
      .then({ type: "unknown_key" });
    expect(keyring.initial.size).toBe(0);
  });
});
