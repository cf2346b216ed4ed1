import * as Effect from "effect/Effect";
import { SigningKeys } from "../../adapters/ports/signing-keys.ts";
import { commandKeyring } from "../../adapters/reactions/command-keyring.ts";
import { invariant } from "../../domain/invariant.ts";
import { KEY_LEAD_MS } from "../../domain/keyring/mod.ts";
import { isPublic, type SigningKeyRow } from "../../projections/jwks.ts";
import type { Run } from "../command.ts";
import type { StoreServices } from "../store.ts";

const LEAD_HOURS = KEY_LEAD_MS / 3_600_000;
const WIDTH = { algorithm: 10, kid: 45, status: 11 };

/** Lets the standbys sign, or makes the first keys; 1 when it is too early, unless forced. */
export const run: Run<StoreServices> = Effect.fnUntraced(function* (context, { values }) {
  const requestId = crypto.randomUUID();
  const { outcome, position } = yield* commandKeyring(
    { type: "RotateKeys", cause: values["force"] === true ? "forced" : "ready" },
    { requestId, meta: { actor: "operator:rotate-keys", correlation: requestId } },
  );
  invariant(outcome.type === "settled", "a rotation is settled");
  const model = yield* SigningKeys;
  if (position !== undefined) yield* model.reach(position);
  const keys = [...(yield* model.rows).values()].filter(({ status }) => isPublic(status));
  const rotated = outcome.rotated.length > 0;
  if (context.json) {
    const shown = keys.map(({ kid, algorithm, status }) => ({ kid, algorithm, status }));
    const done = { rotated, pruned: outcome.withdrawn, keys: shown };
    yield* context.out(
      JSON.stringify({ ...done, ...(position === undefined ? {} : { position }) }),
    );
  } else {
    for (const key of keys) yield* context.out(line(key));
    yield* context.out(said(rotated, position));
  }
  return rotated ? 0 : 1;
});

function line({ algorithm, kid, status, ...times }: SigningKeyRow): string {
  const { signsFrom = "?", rotatesAt = "?", withdrawnFrom = "?" } = times;
  const next: Partial<Record<typeof status, string>> = {
    published: `signs next, from ${signsFrom}`,
    active: `signs until ${rotatesAt}`,
    retired: `verifies until ${withdrawnFrom}`,
  };
  const named = algorithm.padEnd(WIDTH.algorithm) + kid.padEnd(WIDTH.kid);
  return `${named}${status.padEnd(WIDTH.status)}${next[status] ?? ""}`;
}

function said(rotated: boolean, position: number | undefined): string {
  if (rotated) return `these sign from position ${position ?? "?"} on`;
  return `not rotated: the standbys have been published for less than ${LEAD_HOURS} hours`;
}
