import type { Decision } from "../decider.ts";
import type { VaultReference } from "../vault-reference.ts";
import { type PublicJwk, SIGNING_ALGORITHMS, type SigningAlgorithm } from "./algorithms.ts";
import type { KeyringEvent } from "./events.ts";
import { evolve, type SigningKey, type SigningKeyring } from "./evolve.ts";

/** A pair that was made for this command; one that is not needed is never heard of again. */
export type FreshKey = {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly publicKey: PublicJwk;
  readonly privateKey: VaultReference;
};

/** Now, and what the lifetimes make of it: RFC 3339 in UTC with milliseconds. */
export type Moment = {
  readonly now: string;
  /** When a key that is published now may sign. */
  readonly signsFrom: string;
  /** When a key that is activated now is due. */
  readonly rotatesAt: string;
  /** When a key that is retired now leaves the JWKS. */
  readonly withdrawnFrom: string;
};

/**
 * `due`: where the time has come. `ready`: before it, where clients know the standby for long
 * enough. `forced`: whether they know it or not.
 */
export type RotationCause = "due" | "ready" | "forced";

export type KeyringCommand = {
  readonly moment: Moment;
  readonly fresh: ReadonlyArray<FreshKey>;
} & (
  | {
      readonly type: "RotateKeys";
      readonly cause: RotationCause;
      /** The keys that were active when it was asked for: of two at once, one follows them. */
      readonly seen: ReadonlyArray<string>;
    }
  | { readonly type: "MarkCompromised"; readonly kid: string }
);

export type KeyringOutcome =
  | {
      readonly type: "settled";
      /** Whose active key is another one now: the standby of the one before, or the first. */
      readonly rotated: ReadonlyArray<SigningAlgorithm>;
      /** Which left the JWKS. */
      readonly withdrawn: ReadonlyArray<string>;
    }
  | { readonly type: "compromised" }
  | { readonly type: "unknown_key" }
  /** Nothing was decided: the command comes again with a fresh key for each of these. */
  | { readonly type: "wants_keys"; readonly algorithms: ReadonlyArray<SigningAlgorithm> };

type Decided = Decision<KeyringEvent, KeyringOutcome>;

/**
 * Decides the life of the keys that tokens are signed with: minted, published, active, retired,
 * withdrawn.
 *
 * Invariants: from the first rotation on each algorithm has exactly one active key and exactly one
 * standby, so that the next key to sign is one that clients have fetched: published for a day, but
 * for the first ones, a forced rotation and an emergency. A key verifies as long as what it signed
 * can be alive, unless it was compromised. A fresh key is taken once: a command decided again on
 * what it left appends nothing new.
 */
export function decide(command: KeyringCommand, state: SigningKeyring): Decided {
  switch (command.type) {
    case "RotateKeys":
      return rotate(command, state);
    case "MarkCompromised":
      return markCompromised(command, state);
    default:
      return command satisfies never;
  }
}

function rotate(
  command: Extract<KeyringCommand, { readonly type: "RotateKeys" }>,
  state: SigningKeyring,
): Decided {
  const { moment, fresh } = command;
  const { now } = moment;
  const turns = SIGNING_ALGORITHMS.filter((algorithm) => isTurn(command, state, algorithm));
  const rotated = SIGNING_ALGORITHMS.filter(
    (algorithm) => turns.includes(algorithm) || !keyOf(state, algorithm, "active"),
  );
  const withdrawn = [...state.values()]
    .filter((key) => key.status === "retired" && hasCome(key, now))
    .map(({ kid }) => kid);
  return decided({
    filled: fill(state, turns, { moment, fresh }),
    after: withdrawn.map((kid) => ({ type: "SigningKeyWithdrawn", kid })),
    outcome: { type: "settled", rotated, withdrawn },
  });
}

function markCompromised(
  { kid, moment, fresh }: Extract<KeyringCommand, { readonly type: "MarkCompromised" }>,
  state: SigningKeyring,
): Decided {
  const key = state.get(kid);
  if (key === undefined) return { events: [], outcome: { type: "unknown_key" } };
  if (key.status === "compromised") return { events: [], outcome: { type: "compromised" } };
  const lost = { type: "SigningKeyCompromised", kid } as const;
  return decided({
    before: [lost],
    filled: fill(evolve(state, lost), [], { moment, fresh }),
    outcome: { type: "compromised" },
  });
}

/** Whether the active key of the algorithm is followed now. */
function isTurn(
  { cause, seen, moment }: Extract<KeyringCommand, { readonly type: "RotateKeys" }>,
  state: SigningKeyring,
  algorithm: SigningAlgorithm,
): boolean {
  const active = keyOf(state, algorithm, "active");
  const standby = keyOf(state, algorithm, "published");
  if (active === undefined || standby === undefined || !seen.includes(active.kid)) return false;
  const { now } = moment;
  switch (cause) {
    case "forced":
      return true;
    case "ready":
      return hasCome(standby, now);
    case "due":
      return hasCome(standby, now) && hasCome(active, now);
    default:
      return cause satisfies never;
  }
}

function keyOf(
  state: SigningKeyring,
  algorithm: SigningAlgorithm,
  status: SigningKey["status"],
): SigningKey | undefined {
  return [...state.values()].find((key) => key.algorithm === algorithm && key.status === status);
}

function hasCome({ nextAt }: SigningKey, now: string): boolean {
  return nextAt !== undefined && nextAt <= now;
}

type Given = Pick<KeyringCommand, "moment" | "fresh">;

/** What makes one algorithm whole again, or the fresh keys that it takes. */
type Filled = {
  readonly events?: ReadonlyArray<KeyringEvent>;
  readonly wants?: ReadonlyArray<SigningAlgorithm>;
};

/** One active key and one standby of each algorithm; those of `rotated` move up by one. */
function fill(
  state: SigningKeyring,
  rotated: ReadonlyArray<SigningAlgorithm>,
  { moment, fresh }: Given,
): ReadonlyArray<Filled> {
  return SIGNING_ALGORITHMS.map((algorithm) => {
    const active = keyOf(state, algorithm, "active");
    const standby = keyOf(state, algorithm, "published");
    const retires = rotated.includes(algorithm) ? active : undefined;
    const isVacant = active === undefined || retires !== undefined;
    const wanted = Number(isVacant && standby === undefined) + Number(isVacant || !standby);
    const taken = fresh
      .filter((key) => key.algorithm === algorithm && !state.has(key.kid))
      .slice(0, wanted);
    if (taken.length < wanted) return { wants: Array.from({ length: wanted }, () => algorithm) };
    const [first, last] = [taken[0], taken.at(-1)];
    const next = standby ?? first;
    const { signsFrom, rotatesAt, withdrawnFrom } = moment;
    return {
      events: [
        ...(retires
          ? [{ type: "SigningKeyRetired", kid: retires.kid, withdrawnFrom } as const]
          : []),
        // Nobody has fetched a key yet, so the very first need not wait until they have.
        ...(isVacant && !standby && first ? mint(first, moment.now) : []),
        ...(isVacant && next
          ? [{ type: "SigningKeyActivated", kid: next.kid, rotatesAt } as const]
          : []),
        ...(last ? mint(last, signsFrom) : []),
      ],
    };
  });
}

function mint(key: FreshKey, signsFrom: string): ReadonlyArray<KeyringEvent> {
  const { kid, algorithm, publicKey, privateKey } = key;
  return [
    { type: "SigningKeyMinted", kid, algorithm, publicKey, privateKey },
    { type: "SigningKeyPublished", kid, signsFrom },
  ];
}

function decided({
  before = [],
  filled,
  after = [],
  outcome,
}: {
  readonly before?: ReadonlyArray<KeyringEvent>;
  readonly filled: ReadonlyArray<Filled>;
  readonly after?: ReadonlyArray<KeyringEvent>;
  readonly outcome: KeyringOutcome;
}): Decided {
  const algorithms = filled.flatMap(({ wants = [] }) => wants);
  if (algorithms.length > 0) return { events: [], outcome: { type: "wants_keys", algorithms } };
  const between = filled.flatMap(({ events = [] }) => events);
  return { events: [...before, ...between, ...after], outcome };
}
