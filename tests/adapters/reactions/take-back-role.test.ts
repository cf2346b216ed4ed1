import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { expect, test } from "vitest";
import { userCodec } from "../../../adapters/codec/user.ts";
import { layer as keyring } from "../../../adapters/crypto/keyring.ts";
import { layer as memory } from "../../../adapters/memory/layer.ts";
import { layer as rootKeys } from "../../../adapters/memory/root-keys.ts";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { takeBack } from "../../../adapters/reactions/take-back-role.ts";
import { load, States, transact } from "../../../adapters/transact.ts";
import { user } from "../../../domain/user/mod.ts";
import { secretOf } from "../../support/sql-store.ts";

const meta = () => ({ actor: "process:test", correlation: randomUUID() }) as const;
const here = Layer.merge(memory(), States.layer).pipe(
  Layer.provideMerge(keyring([secretOf(7)])),
  Layer.provideMerge(rootKeys()),
);

test("a role that is granted while another is taken back stays", () =>
  Effect.gen(function* () {
    const ledgers = yield* Ledgers;
    const id = randomUUID();
    const created = { type: "UserCreated", roles: ["seasonal"], emailVerified: false } as const;
    yield* ledgers.identity.append({
      requestId: randomUUID(),
      stream: `user-${id}`,
      expect: "none",
      entries: [userCodec.encode(created)],
      meta: meta(),
    });
    const grantAuditor = transact({
      decider: user,
      codec: userCodec,
      id,
      requestId: randomUUID(),
      command: {
        type: "GrantRole",
        role: "auditor",
        by: { id: "somebody", rank: "architect" },
        target: { id, architect: false },
      },
      meta: meta(),
    });
    // Right before the first change of what it takes back.
    let granted = false;
    const { identity } = ledgers;
    const append: typeof identity.append = (request) =>
      Effect.suspend(() => {
        if (granted) return identity.append(request);
        granted = true;
        return Effect.andThen(
          Effect.orDie(Effect.provideContext(grantAuditor, services)),
          identity.append(request),
        );
      });
    const services = yield* Effect.context<Ledgers | States>();
    yield* takeBack({ role: "seasonal", requestId: randomUUID(), meta: meta() }).pipe(
      Effect.provideService(Ledgers, { ...ledgers, identity: { ...identity, append } }),
    );
    const { state } = yield* load({ decider: user, codec: userCodec }, id);
    expect(granted).toBe(true);
    expect([...state.roles].toSorted()).toEqual(["auditor", "user"]);
  }).pipe(Effect.provide(here), Effect.runPromise));
