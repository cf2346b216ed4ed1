import * as Effect from "effect/Effect";
import { storeCodec } from "../../adapters/codec/store.ts";
import { tuplesCodec } from "../../adapters/codec/tuples.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { transact } from "../../adapters/transact.ts";
import { ACCESS_RELATIONS, type AccessRelation, accessTuple } from "../../domain/client/mod.ts";
import { PLATFORM_STORE, PLATFORM_STORE_NAME, store } from "../../domain/store/mod.ts";
import { type Tuple, tuples } from "../../domain/tuples/mod.ts";
import { type TupleRow, tupleRowKey } from "../../projections/tuples.ts";
import type { RequestContext } from "../http/call.ts";
import { metaOf } from "../http/meta.ts";
import { reachDecided } from "../http/positions.ts";
import type { Caller } from "../session/caller.ts";

/** The label under which access is given here; what others wrote stays theirs until it is taken. */
const CAUSE = "access";
const MODEL = "tuples";

type Held = { readonly clientId: string; readonly userId: string };

/** The tuples that let somebody use an application, as the read model has them. */
export const accessOf = ({ clientId, userId }: Held) =>
  Effect.gen(function* () {
    const keys = ACCESS_RELATIONS.map((relation) =>
      tupleRowKey(PLATFORM_STORE, accessTuple(clientId, { userId, relation })),
    );
    const found = yield* (yield* ReadModels).many(MODEL, keys);
    return found.map(({ row }) => row as TupleRow);
  });

type Changing = RequestContext & { readonly caller: Caller };

/**
 * Lets somebody have exactly one relation to an application, or none; answers once whoever signs in
 * finds it so. What holds a relation up that is taken goes with every cause that it has.
 */
export const changeAccess = (
  call: Changing,
  { relation, ...held }: Held & { readonly relation: AccessRelation | undefined },
) =>
  Effect.gen(function* () {
    // Decided at the head: a cause that the model has not folded yet would stay behind.
    yield* reachDecided([MODEL], undefined);
    const rows = yield* accessOf(held);
    const wanted =
      relation === undefined
        ? undefined
        : accessTuple(held.clientId, { userId: held.userId, relation });
    const isThere = rows.some((row) => row.relation === relation);
    const taken = rows.filter((row) => row.relation !== relation);
    const causes = [...new Set(taken.flatMap((row) => row.causes))].toSorted();
    let position: number | undefined;
    if (wanted !== undefined && !isThere) {
      yield* foundPlatformStore(call);
      position = yield* write(call, { writes: [wanted], deletes: [], cause: CAUSE });
    }
    for (const cause of causes) {
      const deletes = taken
        .filter((row) => row.causes.includes(cause))
        .map(({ object, relation: name, subject }) => ({ object, relation: name, subject }));
      position = (yield* write(call, { writes: [], deletes, cause })) ?? position;
    }
    yield* reachDecided([MODEL], position);
    return position;
  });

type Write = {
  readonly writes: ReadonlyArray<Tuple>;
  readonly deletes: ReadonlyArray<Tuple>;
  readonly cause: string;
};

const write = (call: Changing, changes: Write) =>
  Effect.gen(function* () {
    const kind = changes.writes.length > 0 ? "give" : "take";
    const { position } = yield* transact({
      decider: tuples,
      codec: tuplesCodec,
      id: PLATFORM_STORE,
      requestId: `${call.commandId}/${kind}/${changes.cause}`,
      command: { type: "WriteTuples", ...changes },
      meta: yield* metaOf(call, `user:${call.caller.userId}`),
      expect: "any",
    });
    return position;
  });

/** The platform's own store is there from the first tuple in it on. */
const foundPlatformStore = (call: Changing) =>
  Effect.gen(function* () {
    yield* transact({
      decider: store,
      codec: storeCodec,
      id: PLATFORM_STORE,
      requestId: `${call.commandId}/platform-store`,
      command: { type: "CreateStore", name: PLATFORM_STORE_NAME },
      meta: yield* metaOf(call, `user:${call.caller.userId}`),
    });
  });
