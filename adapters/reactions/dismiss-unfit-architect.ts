import * as Effect from "effect/Effect";
import { architects } from "../../domain/architects/mod.ts";
import type { LedgerRecord, Meta } from "../../domain/ledger/entry.ts";
import { dismissUnfitArchitects } from "../../domain/processes/dismiss-unfit-architects.ts";
import { user } from "../../domain/user/mod.ts";
import { architectsCodec } from "../codec/architects.ts";
import { recorded } from "../codec/codec.ts";
import { userCodec } from "../codec/user.ts";
import { Consumers } from "../ports/consumers.ts";
import { LedgerCorrupt } from "../ports/ledger.ts";
import { load, transact } from "../transact.ts";

/** The one stream of architects. */
const ARCHITECTS = "all";

type Dismissing = {
  readonly userId: string;
  readonly requestId: string;
  readonly meta: Meta;
};

/**
 * Dismisses somebody who is an architect although they are blocked or erased. Whoever appoints,
 * blocks or erases asks for it after their own append: of two that cross, the later sees both.
 *
 * Shape: whether they may not be an architect, and the position of the dismissal, which is
 * undefined when they are none, or the last one.
 */
export const dismissIfUnfit = ({ userId, requestId, meta }: Dismissing) =>
  Effect.gen(function* () {
    const { state } = yield* load({ decider: user, codec: userCodec }, userId);
    if (state.status !== "blocked" && state.status !== "erased") {
      return { unfit: false, position: undefined };
    }
    const { position } = yield* transact({
      decider: architects,
      codec: architectsCodec,
      id: ARCHITECTS,
      requestId: `${requestId}/dismiss-unfit`,
      command: { type: "DismissUnfitArchitect", userId },
      meta,
    });
    return { unfit: true, position };
  });

/** Runs the process `dismiss-unfit-architects`: for when the request died in between. */
export const runDismissUnfitArchitects = Effect.gen(function* () {
  const consumers = yield* Consumers;
  const { name, ledger, handles, react } = dismissUnfitArchitects;
  const handle = Effect.fnUntraced(function* (record: LedgerRecord) {
    const { position, type, id, meta } = record;
    for (const { userId } of react(yield* happened(record))) {
      yield* dismissIfUnfit({
        userId,
        requestId: `${id}/${name}`,
        meta: { actor: `process:${name}`, correlation: meta.correlation, causation: id },
      });
    }
    return { position, type };
  });
  return yield* consumers.run({ name, ledger, handles, handle });
});

const happened = (record: LedgerRecord) => {
  const owner = architectsCodec.decode(record);
  if (owner?.type === "ArchitectAppointed") {
    return Effect.succeed(recorded(owner, record, architectsCodec.category));
  }
  const person = userCodec.decode(record);
  if (person?.type === "UserBlocked" || person?.type === "UserErased") {
    return Effect.succeed(recorded(person, record, userCodec.category));
  }
  const { ledger, position, type } = record;
  return new LedgerCorrupt({ ledger, position, problem: `cannot decode ${type}` });
};
