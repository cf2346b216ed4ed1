import * as Effect from "effect/Effect";
import { Keyring } from "../../adapters/ports/keyring.ts";
import { type Append, Ledgers } from "../../adapters/ports/ledger.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { Sealer } from "../../adapters/ports/sealer.ts";
import { Database } from "../../adapters/sql/database.ts";
import { readModels } from "../../projections/catalogue.ts";
import { EVENTS_A_PERSON, type Press, personOf } from "./person.ts";
import { type ServerProcess, startAuthledger } from "./server-process.ts";
import { type OpenStore, openStore, type Place } from "./store.ts";

/** People side by side: what one flush takes. */
const IN_FLIGHT = 256;
/** Events between two lines of progress. */
const SAID_EVERY = 100_000;
/** Read models are waited for this long after the last append. */
const CATCH_UP_MS = 3_600_000;
const ASK_AGAIN_MS = 1_000;

/** What makes requests for this ledger. */
export async function pressOf(store: OpenStore): Promise<Press> {
  return store.run(
    Effect.gen(function* () {
      const sealer = yield* Sealer;
      const month = new Date().toISOString().slice(0, "2026-11".length);
      const originKey = yield* sealer.shared(`origin:${month}`);
      if (originKey === undefined) throw new Error("The month's key was destroyed");
      return { sealer, keyring: yield* Keyring, originKey };
    }),
  );
}

/**
 * Grows the ledger to `size` events in identity through the real append path: people who sign up,
 * describe themselves and get roles, each with a session in activity. Then lets the read models
 * catch up. A ledger that has them is left as it is.
 */
export async function fill(
  place: Place,
  size: number,
  progress: (text: string) => void = () => {},
): Promise<void> {
  const store = await openStore(place, { project: false });
  const { identity, activity } = await store.run(Ledgers);
  const press = await pressOf(store);
  const { position: before } = await store.run(identity.head);
  let left = size - before;
  const send = (request: Append, ledger = identity) => Effect.runPromise(ledger.append(request));
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (left > 0) {
        const person = personOf(press);
        const all = [person.signUp, ...person.later];
        // The last one stops where the size is reached.
        let room = Math.min(left, EVENTS_A_PERSON);
        if (Math.floor(left / SAID_EVERY) !== Math.floor((left - room) / SAID_EVERY)) {
          progress(`${(size - left).toLocaleString("en-US")} of ${size.toLocaleString("en-US")}`);
        }
        left -= room;
        for (const request of all) {
          const entries = request.entries.slice(0, Math.max(room, 0));
          if (entries.length === 0) break;
          room -= entries.length;
          await send({ ...request, entries });
          // Begun after the sign-up, as by a server: what began before a new password ends.
          if (request === person.signUp) await send(person.session, activity);
        }
      }
    }),
  );
  await store.close();
  if (before < size) {
    progress("read models catch up");
    await catchUp(place);
    await passOver(place);
  }
  progress("consumers catch up");
  const server = await startAuthledger(place);
  await consumersCaughtUp(server, progress);
  await server.stop();
}

/** Waits until what follows a ledger beside the read models is at its head, and mails are out. */
async function consumersCaughtUp(
  { port }: ServerProcess,
  progress: (text: string) => void,
): Promise<void> {
  for (let asked = 0; ; asked++) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    const { consumers, mail } = (await answer.json()) as Ready;
    const behind = consumers.filter(({ lag }) => lag > 0).map(({ name, lag }) => `${name} -${lag}`);
    if (mail.waiting > 0) behind.push(`${mail.waiting} mails`);
    if (behind.length === 0) return;
    if (asked % 30 === 0) progress(behind.join(", "));
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

type Ready = {
  readonly consumers: ReadonlyArray<{ readonly name: string; readonly lag: number }>;
  readonly mail: { readonly waiting: number };
};

/**
 * What answers one event with a request or a mail begins at the head: that a hundred thousand
 * people came within minutes, and were written to, is not what a filled ledger stands for.
 */
const ANSWERING = ["end-sessions", "mail", "mail-activity"];

async function passOver(place: Place): Promise<void> {
  const store = await openStore(place, { project: false });
  const { identity, activity } = await store.run(Ledgers);
  const { query } = await store.run(Database);
  for (const name of ANSWERING) {
    const ledger = name === "mail-activity" ? activity : identity;
    const { position, leaf, epoch } = await store.run(ledger.head);
    const passed = query(
      `INSERT INTO authledger.cursors
         (ledger, name, build, version, token, active, position, leaf, epoch)
       VALUES ('identity', $1, 0, 0, 0, TRUE, $2, $3, $4)
       ON CONFLICT (ledger, name, build)
         DO UPDATE SET position = excluded.position, leaf = excluded.leaf, epoch = excluded.epoch`,
      [`consumer:${name}`, position, leaf, epoch],
    );
    await store.run(passed);
  }
  await store.close();
}

async function catchUp(place: Place): Promise<void> {
  const store = await openStore(place, { project: true });
  const ledgers = await store.run(Ledgers);
  const models = await store.run(ReadModels);
  for (const { name, ledger } of readModels) {
    const { position } = await store.run(ledgers[ledger].head);
    await store.run(models.reach(name, position, CATCH_UP_MS));
  }
  // What a model passed over is written down a moment later; a rebuild begins from what is stored.
  const behind = Effect.map(models.status, (all) => all.some((one) => one.position < one.head));
  await store.run(Effect.repeat(Effect.delay(behind, "50 millis"), { while: (yes) => yes }));
  await store.close();
}
