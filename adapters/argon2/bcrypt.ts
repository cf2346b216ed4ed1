import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

/** Tells our thread from any other that happens to load this file. */
const ROLE = "authledger/bcrypt";

type Asked = { readonly id: number; readonly stored: string; readonly password: string };
type Answered = { readonly id: number; readonly fits: boolean };

/** Compares passwords with bcrypt hashes. */
export type Bcrypt = {
  readonly verify: (stored: string, password: string) => Promise<boolean>;
  readonly close: () => Promise<void>;
};

/**
 * bcrypt in plain JavaScript, in a thread of its own that is started when first asked: a hash takes
 * a tenth of a second and more, in which the event loop would stand still.
 */
export function bcryptThread(): Bcrypt {
  let worker: Worker | undefined;
  let asked = 0;
  const waiting = new Map<number, PromiseWithResolvers<boolean>>();
  const start = () => {
    const started = new Worker(new URL(import.meta.url), { workerData: ROLE });
    started.unref();
    started.on("message", ({ id, fits }: Answered) => {
      waiting.get(id)?.resolve(fits);
      waiting.delete(id);
    });
    const ended = (cause: unknown) => {
      if (worker === started) worker = undefined;
      for (const each of waiting.values()) each.reject(cause);
      waiting.clear();
    };
    started.on("error", ended);
    started.on("exit", () => ended(new Error("The thread that compares bcrypt hashes ended")));
    return started;
  };
  return {
    verify: (stored, password) => {
      worker ??= start();
      const id = ++asked;
      const answer = Promise.withResolvers<boolean>();
      waiting.set(id, answer);
      worker.postMessage({ id, stored, password } satisfies Asked);
      return answer.promise;
    },
    close: async () => {
      await worker?.terminate();
    },
  };
}

if (!isMainThread && workerData === ROLE) {
  const { compareSync } = await import("bcryptjs");
  parentPort?.on("message", ({ id, stored, password }: Asked) => {
    parentPort?.postMessage({ id, fits: compareSync(password, stored) } satisfies Answered);
  });
}
