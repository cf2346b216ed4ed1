import * as Effect from "effect/Effect";
import type { Meta } from "../../domain/ledger/entry.ts";
import { takeBackRole } from "../../domain/processes/take-back-role.ts";
import { role } from "../../domain/role/mod.ts";
import { type UserCommand, user } from "../../domain/user/mod.ts";
import type { RoleRow } from "../../projections/roles.ts";
import { roleCodec } from "../codec/role.ts";
import { userCodec } from "../codec/user.ts";
import { Ledgers } from "../ports/ledger.ts";
import { ReadModels } from "../ports/read-models.ts";
import { load, transact } from "../transact.ts";
import { runProcess } from "./run-process.ts";

/** People from whom it is taken side by side at most. */
const CONCURRENCY = 16;
const PAGE = 200;
const DEADLINE_MS = 5_000;

/** Who takes it: what an architect decided is done, and nobody's own roles are touched. */
const BY = { id: "process", rank: "architect" } as const;

type TakingBack = {
  readonly role: string;
  /** Of each person's command it is the beginning. */
  readonly requestId: string;
  readonly meta: Meta;
  /** People at most; the process does the rest. */
  readonly most?: number;
};

/**
 * Takes a retired role back from who holds it; a person's last role becomes `user`. Idempotent;
 * defined again meanwhile, it is left to whom it was given.
 *
 * Shape: the position of the last change, 0 when nobody held it.
 */
export const takeBack = Effect.fn("takeBack")(function* (taking: TakingBack) {
  const { requestId, meta, most = Number.POSITIVE_INFINITY } = taking;
  const { list, reach } = yield* ReadModels;
  const { identity } = yield* Ledgers;
  let last = 0;
  let cursor: string | undefined;
  for (let seen = 0; seen < most; seen += PAGE) {
    const { state } = yield* load({ decider: role, codec: roleCodec }, taking.role);
    if (state.status === "defined") break;
    if (seen === 0) yield* reach("roles", (yield* identity.head).position, DEADLINE_MS);
    const tags = [`role:${taking.role}`];
    const page = yield* list("roles", { tags, limit: PAGE, ...(cursor && { cursor }) });
    const positions = yield* Effect.forEach(
      page.items.map(({ row }) => (row as RoleRow).userId),
      (userId) => takeFrom(userId, taking.role, { requestId, meta }),
      { concurrency: CONCURRENCY },
    );
    last = Math.max(last, ...positions);
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return last;
});

const takeFrom = Effect.fnUntraced(function* (
  userId: string,
  name: string,
  { requestId, meta }: Pick<TakingBack, "requestId" | "meta">,
) {
  const target = { id: userId, architect: false };
  const asked = (step: string, command: UserCommand) =>
    transact({
      decider: user,
      codec: userCodec,
      id: userId,
      requestId: `${requestId}/${userId}/${step}`,
      command,
      meta,
    });
  const revoke = { type: "RevokeRole", role: name, by: BY, target } as const;
  const revoked = yield* asked("revoke", revoke);
  if (revoked.outcome !== "last_role") return revoked.position ?? 0;
  // One by one, so that what is granted meanwhile stays.
  yield* asked("grant", { type: "GrantRole", role: "user", by: BY, target });
  const last = yield* asked("revoke-last", revoke);
  return last.position ?? 0;
});

/** Runs the process `take-back-role`: for whom the request that retired the role did not reach. */
export const runTakeBackRole = runProcess(takeBackRole, ({ role: name }, { requestId, meta }) =>
  takeBack({ role: name, requestId, meta }),
);
