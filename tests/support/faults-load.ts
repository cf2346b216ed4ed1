import type { Architect } from "./faults-architect.ts";
import { PASSWORD } from "./faults-architect.ts";
import { type Answered, ask } from "./faults-client.ts";

/** An answer that promised an event. */
export type Acknowledged = {
  readonly position: number;
  /** Undefined for one that was sent again: the first sending may have been the one applied. */
  readonly requestId: string | undefined;
  readonly stream: string;
  readonly type: string;
};

/** A tuple write that got no answer: whether it was applied is not known. */
export type Unanswered = { readonly key: string; readonly body: unknown };

export type Load = {
  readonly acknowledged: Array<Acknowledged>;
  readonly unanswered: Array<Unanswered>;
  /** Refusals by status and code. */
  readonly refused: Map<string, number>;
  /** Requests whose connection broke. */
  readonly broken: () => number;
  /** No more requests; resolves when each has its answer, or has lost its connection. */
  readonly stop: () => Promise<void>;
};

const CLIENTS = 16;
const WRITES_EACH = 3;
/** A refused client comes back after this long, so that an outage is no busy loop. */
const PAUSE_MS = 20;

/**
 * People on a server: guests, profiles, tuples, and one client that signs up with a password
 * (argon2 is slow on purpose). A client whose connection breaks ends, unless it is persistent.
 */
export const startLoad = (
  base: string,
  architect: Architect,
  persistent: boolean = false,
): Load => {
  const acknowledged: Array<Acknowledged> = [];
  const unanswered: Array<Unanswered> = [];
  const refused = new Map<string, number>();
  let broken = 0;
  let stopped = false;

  const take = async (
    answer: Answered,
    stream: (body: Answered["body"]) => string,
    type: string,
  ) => {
    const { status, position, requestId, body } = answer;
    if (status < 300) {
      acknowledged.push({ position, requestId, stream: stream(body), type });
      return true;
    }
    const reason = `${status} ${body?.code}`;
    refused.set(reason, (refused.get(reason) ?? 0) + 1);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    return false;
  };
  const person = async (signsUp: boolean) => {
    const email = `${crypto.randomUUID()}@example.com`;
    const came = signsUp
      ? await ask(base, "POST /v1/sign-up", { body: { email, password: PASSWORD } })
      : await ask(base, "POST /v1/guest");
    const type = signsUp ? "PasswordEnrolled" : "GuestAdmitted";
    if (!(await take(came, (body) => `user-${body.user.id}`, type))) return;
    const stream = () => `user-${came.body.user.id}`;
    for (let written = 0; written < WRITES_EACH && !stopped; written++) {
      const profile = { cookie: came.cookie, body: { bio: crypto.randomUUID() } };
      await take(await ask(base, "PATCH /v1/me", profile), stream, "ProfileRevised");
    }
  };
  const tuple = async () => {
    const writes = [
      { object: `doc:${crypto.randomUUID()}`, relation: "viewer", subject: "user:1" },
    ];
    const attempt = { key: crypto.randomUUID(), body: { writes } };
    unanswered.push(attempt);
    const answer = await ask(base, `POST /v1/stores/${architect.storeId}/write`, {
      cookie: architect.cookie,
      body: attempt.body,
      headers: { "idempotency-key": attempt.key },
    });
    const known = await take(answer, () => `tuples-${architect.storeId}`, "TuplesWritten");
    if (known) unanswered.splice(unanswered.indexOf(attempt), 1);
  };
  const client = async (number: number) => {
    while (!stopped) {
      try {
        if (number % 2 === 0) await tuple();
        else await person(number === 1);
      } catch {
        broken += 1;
        if (!persistent) return;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  return {
    acknowledged,
    unanswered,
    refused,
    broken: () => broken,
    stop: async () => {
      stopped = true;
      await clients;
    },
  };
};
