import { randomUUID } from "node:crypto";
import * as Clock from "effect/Clock";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as ManagedRuntime from "effect/ManagedRuntime";
import { userCodec } from "../../adapters/codec/user.ts";
import { layer as keyring } from "../../adapters/crypto/keyring.ts";
import { layer as sealer } from "../../adapters/crypto/sealer.ts";
import { layer as memoryConsumers } from "../../adapters/memory/consumers.ts";
import { layer as memory } from "../../adapters/memory/layer.ts";
import { layer as memoryRootKeys } from "../../adapters/memory/root-keys.ts";
import { Consumers } from "../../adapters/ports/consumers.ts";
import { type AppendError, Ledgers } from "../../adapters/ports/ledger.ts";
import {
  type MailRefused,
  MailTransport,
  type OutgoingMail,
} from "../../adapters/ports/mail-transport.ts";
import { Outbox, type OutboxRow } from "../../adapters/ports/outbox.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { runMailQueue } from "../../adapters/reactions/queue-mail.ts";
import { layer as readModels } from "../../adapters/sql/read-models.ts";
import { States } from "../../adapters/transact.ts";
import { runMail, sendAllDue } from "../../api/mail/run-mail.ts";
import type { DatabaseLayer } from "./databases.ts";
import { mailRun } from "./mailbox.ts";
import { frozenClock } from "./movable-clock.ts";
import { ledgersOn, secretOf } from "./sql-store.ts";
import { until } from "./until.ts";

/** What one mail meets at the mail server; the test says what. */
export type Meets = (mail: OutgoingMail) => Effect.Effect<void, MailRefused>;

export const mailStoreInMemory = () =>
  Layer.mergeAll(sealer, memoryConsumers, States.layer).pipe(
    Layer.provideMerge(memory()),
    Layer.provideMerge(keyring([secretOf(7)])),
    Layer.provideMerge(memoryRootKeys()),
  );

export const mailStoreOn = (database: DatabaseLayer) => () =>
  readModels({ run: true }).pipe(Layer.provideMerge(Layer.fresh(ledgersOn(database))));

type MailStore = ReturnType<typeof mailStoreInMemory> | ReturnType<ReturnType<typeof mailStoreOn>>;
type Held = Layer.Success<ReturnType<typeof mailStoreInMemory>>;

/**
 * One process that queues and sends mail to a mail server of the test's making. Sending is done
 * when the test says so, by a clock that the test moves.
 */
export async function mailWorld(
  makeStore: () => MailStore,
  options: {
    readonly queue?: boolean;
    readonly verifySignUps?: boolean;
    /** Also sends by itself, as a server does. */
    readonly running?: boolean;
    /** A real one, instead of one of the test's making. */
    readonly transport?: Layer.Layer<MailTransport>;
  } = {},
) {
  const { clock, forward } = frozenClock();
  let meets: Meets = () => Effect.void;
  let refusal: AppendError | undefined;
  const sent: Array<OutgoingMail> = [];
  const lines: Array<Record<string, unknown>> = [];
  const transport = Layer.succeed(MailTransport, {
    connections: 2,
    send: (mail) =>
      Effect.suspend(() => {
        sent.push(mail);
        return meets(mail);
      }),
  });
  const store = makeStore() as Layer.Layer<Held>;
  const runtime = ManagedRuntime.make(Layer.provideMerge(options.transport ?? transport, store));
  await runtime.runPromise(Effect.void);
  const run = <A, E>(effect: Effect.Effect<A, E, Held | MailTransport>) =>
    runtime.runPromise(Effect.provideService(effect, Clock.Clock, clock));
  const { verifySignUps = true } = options;
  const queueing = () => {
    const queue = runMailQueue({ verifySignUps, wake: () => {} });
    runtime.runFork(Effect.provideService(queue, Clock.Clock, clock));
  };
  const sending = { ...mailRun, log: (line: object) => void lines.push({ ...line }) };
  if (options.running === true) {
    const running = Effect.scoped(Effect.andThen(runMail(sending), Effect.never));
    runtime.runFork(Effect.provideService(running, Clock.Clock, clock));
  } else if (options.queue !== false) queueing();
  /** As one process, whose appends are refused when the test says so. */
  const sendingDue = Effect.gen(function* () {
    const { identity, activity } = yield* Ledgers;
    const append: typeof activity.append = (request) =>
      refusal === undefined ? activity.append(request) : Effect.fail(refusal);
    const ledgers = { identity, activity: { ...activity, append } };
    return yield* Effect.provideService(sendAllDue(sending), Ledgers, ledgers);
  });
  const rows = () =>
    run(Effect.flatMap(Effect.service(Outbox), ({ list }) => list({ limit: 200 })));
  return {
    run,
    forward,
    now: () => new Date(clock.currentTimeMillisUnsafe()),
    sent,
    lines,
    queueing,
    meet: (next: Meets) => {
      meets = next;
    },
    /** Sends what is due, as one process; `crash` stops it where it stands. */
    sendDue: () => run(sendingDue),
    /** What an append to the activity ledger is refused with while mails are sent, if anything. */
    refuseAppends: (next?: AppendError) => {
      refusal = next;
    },
    /** The same, by a process that is killed at the mail server, or settling the row. */
    sendDueAndDie: async (where: "sending" | "settling") => {
      const dying = new AbortController();
      let standing = false;
      const stand = Effect.suspend(() => {
        standing = true;
        return Effect.never;
      });
      if (where === "sending") meets = () => stand;
      const program = Effect.flatMap(Effect.service(Outbox), (outbox) =>
        Effect.provideService(
          sendAllDue(sending),
          Outbox,
          where === "settling" ? { ...outbox, settle: () => stand } : outbox,
        ),
      );
      const process = runtime.runPromise(Effect.provideService(program, Clock.Clock, clock), {
        signal: dying.signal,
      });
      process.catch(() => {});
      await until(async () => standing);
      dying.abort();
      await process.catch(() => {});
      meets = () => Effect.void;
    },
    /** Returns when everything that has happened was queued, or asked for no mail. */
    queued: () =>
      until(async () => {
        const all = await run(Effect.flatMap(Effect.service(Consumers), ({ status }) => status));
        return all.length === 2 && all.every(({ position, head }) => position >= head);
      }),
    /** Signs somebody up; answers their id once the mail about it is queued. */
    signUp: async (email = "ada@example.net") => {
      const userId = randomUUID();
      await run(signedUp(userId, email));
      if (options.queue !== false && verifySignUps) {
        await until(async () => (await rows()).items.some((row) => row.recipient === userId));
      }
      return userId;
    },
    rowOf: async (userId: string) =>
      (await rows()).items.find(({ recipient }) => recipient === userId) as OutboxRow,
    /** What is on record of a mail, in order. */
    record: async (id: string) => {
      const events = Effect.flatMap(Effect.service(Ledgers), ({ activity }) =>
        activity.read({ stream: `mail-${id}` }),
      );
      return (await run(events)).map(({ type, data }) => ({ type, ...data }));
    },
    close: () => runtime.dispose(),
  };
}
export type MailWorld = Awaited<ReturnType<typeof mailWorld>>;

const signedUp = (userId: string, email: string) =>
  Effect.gen(function* () {
    const key = (yield* Sealer).mint(`user:${userId}`);
    const event = {
      type: "UserSignedUp",
      email: key.seal("identity", "user.email", email),
      roles: ["user"],
    } as const;
    return yield* (yield* Ledgers).identity.append({
      requestId: randomUUID(),
      stream: `user-${userId}`,
      expect: "none",
      entries: [userCodec.encode(event)],
      meta: { actor: `user:${userId}`, correlation: randomUUID() },
      dataKeys: { create: [key.row] },
    });
  });
