import { randomUUID } from "node:crypto";
import * as Effect from "effect/Effect";
import { expect, test } from "vitest";
import { architectsCodec } from "../../../adapters/codec/architects.ts";
import { userCodec } from "../../../adapters/codec/user.ts";
import { Ledgers } from "../../../adapters/ports/ledger.ts";
import { until } from "../../support/until.ts";
import type { Stage } from "../suite.ts";
import type { World } from "../world.ts";

const meta = () => ({ actor: "process:test", correlation: randomUUID() }) as const;

/** An appointment and a block or an erasure of one person, each decided before it saw the other. */
export function crossingTests({ fresh }: Stage): void {
  const blocked = userCodec.encode({ type: "UserBlocked" });
  const erased = userCodec.encode({ type: "UserErased", accounts: [], roles: ["user"] });
  const appointed = (userId: string) =>
    architectsCodec.encode({ type: "ArchitectAppointed", userId, first: false });

  const append = (w: World, stream: string, entry: typeof blocked) =>
    w.run(
      Effect.flatMap(Effect.service(Ledgers), ({ identity }) =>
        identity.append({
          requestId: randomUUID(),
          stream,
          expect: "any",
          entries: [entry],
          meta: meta(),
        }),
      ),
    );
  const architectsOf = async (w: World, cookie: string) => {
    const { items } = (await w.ask("GET", "/v1/architects", { cookie })).json;
    return items.map(({ userId }: { readonly userId: string }) => userId);
  };

  test.each([
    ["blocked, then appointed", [blocked, "appoint"]],
    ["appointed, then blocked", ["appoint", blocked]],
    ["erased, then appointed", [erased, "appoint"]],
    ["appointed, then erased", ["appoint", erased]],
  ] as const)("who was %s at one moment owns nothing in the end", async (_, order) => {
    const w = await fresh();
    const { id: owner, cookie } = await w.architect();
    const person = await w.person("crossing");
    for (const step of order) {
      if (step === "appoint") await append(w, "architects-all", appointed(person.id));
      else await append(w, `user-${person.id}`, step);
    }
    await until(async () => (await architectsOf(w, cookie)).length === 1);
    expect(await architectsOf(w, cookie)).toEqual([owner]);
    expect((await w.ask("GET", "/v1/session", { cookie: person.cookie })).status).toBe(401);
  });

  test("the last architect is not dismissed, whatever happened to them", async () => {
    const w = await fresh();
    const first = await w.architect();
    const second = await w.person("second");
    const { cookie } = first;
    await w.ask("POST", "/v1/architects", { cookie, body: { userId: second.id } });
    await append(w, `user-${first.id}`, blocked);
    await append(w, `user-${second.id}`, blocked);
    const dismissals = () =>
      w.run(
        Effect.gen(function* () {
          const { identity } = yield* Ledgers;
          const records = yield* identity.read({ stream: "architects-all" });
          return records.filter(({ type }) => type === "ArchitectDismissed").length;
        }),
      );
    await until(async () => (await dismissals()) > 0);
    const { position } = await append(w, `user-${randomUUID()}`, blocked);
    expect(position).toBeGreaterThan(0);
    expect(await dismissals()).toBe(1);
  });
}
