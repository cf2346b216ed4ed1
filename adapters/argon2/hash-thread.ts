import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { hashSync, type Options, verifySync } from "@node-rs/argon2";
import { parseForeignHash, verifyForeign } from "./foreign-hash.ts";

/** Tells our thread from any other that happens to load this file. */
const ROLE = "authledger/hash";

/** What a thread is asked for. */
export type Job =
  | { readonly type: "hash"; readonly password: string; readonly options: Options }
  | {
      readonly type: "verify";
      readonly password: string;
      readonly stored: string;
      /** Verified against when `stored` cannot be read: that takes as long as a wrong password. */
      readonly nobody: string;
    };

/** The PHC string that was made, or whether the password fits; undefined: it cannot be read. */
type Result = string | boolean | undefined;

type Waiting = PromiseWithResolvers<Result> & { readonly begun: () => void };

/** One thread; it works through its jobs in order, without the event loop between two of them. */
export type HashThread = {
  readonly jobs: () => number;
  /** `begun` is called when the job's turn has come. */
  readonly work: (job: Job, begun: () => void) => Promise<Result>;
  readonly close: () => Promise<void>;
};

/** Started when first asked: until then it costs no memory. */
export function hashThread(): HashThread {
  let worker: Worker | undefined;
  const queue: Array<Waiting> = [];
  const start = () => {
    const started = new Worker(new URL(import.meta.url), { workerData: ROLE });
    const failed = (cause: unknown) => {
      if (worker === started) worker = undefined;
      for (const each of queue.splice(0)) each.reject(cause);
    };
    started.on("message", ({ result, failure }: Answered) => {
      const done = queue.shift();
      if (failure === undefined) done?.resolve(result);
      else done?.reject(new Error(failure));
      // A thread without work does not keep the process.
      if (queue.length === 0) started.unref();
      queue[0]?.begun();
    });
    started.on("error", failed);
    started.on("exit", () => failed(new Error("The thread that hashes passwords ended")));
    return started;
  };
  return {
    jobs: () => queue.length,
    work: (job, begun) => {
      const waiting = { ...Promise.withResolvers<Result>(), begun };
      queue.push(waiting);
      if (queue.length === 1) begun();
      worker ??= start();
      worker.ref();
      worker.postMessage(job);
      return waiting.promise;
    },
    close: async () => {
      await worker?.terminate();
    },
  };
}

/** `failure` is the name of an error alone: its message may quote what it was given. */
type Answered = { readonly result?: Result; readonly failure?: string };

if (!isMainThread && workerData === ROLE) {
  parentPort?.on("message", (job: Job) => {
    parentPort?.postMessage(answered(job));
  });
}

function answered(job: Job): Answered {
  try {
    return { result: done(job) };
  } catch (cause) {
    return { failure: `Cannot hash a password: ${cause instanceof Error ? cause.name : "failed"}` };
  }
}

function done(job: Job): Result {
  switch (job.type) {
    case "hash":
      return hashSync(job.password, job.options);
    case "verify": {
      const { stored, password, nobody } = job;
      const foreign = parseForeignHash(stored);
      if (foreign !== undefined) return verifyForeign(foreign, password);
      try {
        return verifySync(stored, password);
      } catch {
        verifySync(nobody, password);
        return undefined;
      }
    }
    default:
      return job satisfies never;
  }
}
