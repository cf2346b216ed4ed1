import fc from "fast-check";
import { expect, test } from "vitest";
import { type KeyringCommand, keyring, SIGNING_ALGORITHMS } from "../../domain/keyring/mod.ts";
import { fresh, moment } from "./keyring-arbitraries.ts";

const DAY = 24;
const RETAINED = 60 * DAY;

/** Commands in the order of time; the number is of the key that is lost. */
const lives = fc
  .array(
    fc.record({
      hours: fc.oneof(fc.nat(DAY), fc.nat(40 * DAY)),
      act: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom("due", "ready", "forced") },
        { weight: 1, arbitrary: fc.nat(30) },
      ),
    }),
    { maxLength: 40 },
  )
  .map((steps) => [{ hours: 0, act: "due" } as const, ...steps]);

type Life = typeof lives extends fc.Arbitrary<infer Steps> ? Steps : never;

/** Decides each step on what the ones before it left, with the fresh keys that it wants. */
function* live(steps: Life) {
  let [state, hours, minted] = [keyring.initial, 0, 0];
  for (const { hours: later, act } of steps) {
    hours += later;
    const there = [...state.keys()];
    const active = [...state.values()].filter(({ status }) => status === "active");
    const seen = active.map(({ kid }) => kid);
    const asked: KeyringCommand = {
      moment: moment(hours),
      fresh: [],
      ...(typeof act === "number"
        ? { type: "MarkCompromised", kid: there[act % there.length] ?? "" }
        : { type: "RotateKeys", cause: act, seen }),
    };
    const { outcome: first } = keyring.decide(asked, state);
    const wants = first.type === "wants_keys" ? first.algorithms : [];
    const command = { ...asked, fresh: wants.map((algorithm) => fresh(algorithm, ++minted)) };
    const before = state;
    const { events, outcome } = keyring.decide(command, before);
    state = events.reduce(keyring.evolve, before);
    yield { act, hours, command, before, events, outcome, state };
  }
}

test("one key of each algorithm signs and one is next, and those alone have a private half", () => {
  fc.assert(
    fc.property(lives, (steps) => {
      for (const { state, outcome } of live(steps)) {
        expect(outcome.type).not.toBe("wants_keys");
        for (const algorithm of SIGNING_ALGORITHMS) {
          const signing = [...state.values()]
            .filter((key) => key.algorithm === algorithm && key.privateKey !== undefined)
            .map(({ status }) => status);
          expect(signing.toSorted()).toEqual(["active", "published"]);
        }
      }
    }),
  );
});

test("what a key signed verifies for sixty days, unless the key was compromised", () => {
  fc.assert(
    fc.property(lives, (steps) => {
      const signedAt = new Map<string, number>();
      for (const { hours, before, state } of live(steps)) {
        for (const { kid, status } of before.values()) {
          if (status === "active") signedAt.set(kid, hours);
        }
        for (const { kid, status } of state.values()) {
          if (status === "active") signedAt.set(kid, hours);
          if (status !== "withdrawn") continue;
          expect(hours - (signedAt.get(kid) ?? hours)).toBeGreaterThanOrEqual(RETAINED);
        }
      }
    }),
  );
});

test("but in an emergency no key signs that was published less than a day before", () => {
  fc.assert(
    fc.property(lives, (steps) => {
      const publishedAt = new Map<string, number>();
      for (const { act, hours, events, before } of live(steps)) {
        for (const event of events) {
          if (event.type === "SigningKeyPublished") publishedAt.set(event.kid, hours);
          if (event.type !== "SigningKeyActivated" || before.size === 0) continue;
          if (act !== "due" && act !== "ready") continue;
          expect(hours - (publishedAt.get(event.kid) ?? hours)).toBeGreaterThanOrEqual(DAY);
        }
      }
    }),
  );
});

const others = SIGNING_ALGORITHMS.flatMap((of) => [fresh(of, 9_001), fresh(of, 9_002)]);

test("a command that is decided again on what it left appends nothing", () => {
  fc.assert(
    fc.property(lives, (steps) => {
      for (const { command, state } of live(steps)) {
        expect(keyring.decide(command, state).events).toEqual([]);
        // Nor does the one of somebody else that crossed it, with keys of its own.
        expect(keyring.decide({ ...command, fresh: others }, state).events).toEqual([]);
      }
    }),
  );
});
