import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import * as Redacted from "effect/Redacted";
import type { JsonObject } from "../../domain/json.ts";
import type { CommandArguments, CommandContext, Run } from "../command.ts";
import { readConfig } from "../config.ts";
import { httpListener } from "../http-listener.ts";
import { createLog, type Log, logLayer } from "../log.ts";
import { openServer } from "../server.ts";
import { storeLayer } from "../store.ts";
import { type Narrator, TourFailed } from "../tour/narration.ts";
import { mainJob } from "../tour/steps.ts";
import { UsageError, usageError } from "../usage-error.ts";
import { run as replay } from "./replay.ts";
import { run as verify } from "./verify.ts";

const HOST = "127.0.0.1";

/** Its own address is in its configuration, so the port is known before the server is. */
const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, HOST, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

/** Shows the main job on a real server and a ledger that is thrown away afterwards. */
export const run: Run<never> = (context) =>
  Effect.gen(function* () {
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "authledger-tour-"))),
      (made) => Effect.sync(() => rmSync(made, { recursive: true, force: true })),
    );
    const port = yield* Effect.promise(freePort);
    // It is a provider to itself, which it has to be allowed to reach.
    const environment = {
      LOG_LEVEL: "error",
      PORT: String(port),
      AUTHLEDGER_URL: `http://${HOST}:${port}`,
      AUTHLEDGER_OUTBOUND_ALLOW: `${HOST}/32`,
    };
    const config = readConfig(environment, folder);
    if (config instanceof UsageError) return yield* config;
    const tour = { ...context, config };
    yield* said(tour, "A server on the embedded store, in a folder of its own:");
    const store = storeLayer(config, { migrate: true, run: true, anyIssuer: false });
    const log = createLog(config.logLevel, process.stdout);
    const observed = logLayer(log, config.logLevel);
    const opened = store.pipe(Layer.provideMerge(observed));
    return yield* Effect.provide(onServer(tour, log), opened);
  }).pipe(Effect.scoped);

const onServer = Effect.fnUntraced(function* (context: CommandContext, log: Log) {
  const { config } = context;
  const { handler, protocol, setup } = yield* openServer(config, log, { adoptUrl: false });
  const { port, url: base } = config;
  yield* httpListener({ host: HOST, port, handler, protocol });
  yield* said(context, `listening on ${base}`);
  const tell = narrator(context);
  const setupToken = setup === undefined ? "" : Redacted.value(setup.prepare());
  yield* Effect.tryPromise({
    try: () => mainJob({ base, setupToken, tell }),
    catch: (cause) =>
      usageError(`The tour stopped: ${cause instanceof TourFailed ? cause.message : "no answer"}`),
  });
  yield* Effect.promise(() => tell.step("Replay: everything that happened, in order"));
  yield* replay(context, none);
  yield* Effect.promise(() =>
    tell.step("Verify: every entry re-hashed, every read model held against a fresh fold"),
  );
  return yield* verify(context, none);
});

const none: CommandArguments = { values: {}, positionals: [] };

/** A line of prose, which in JSON is an object too. */
const said = ({ out, json }: CommandContext, text: string) =>
  out(json ? JSON.stringify({ said: text }) : text);

/** For programs: one JSON object a line, with the same steps and the whole of what was shown. */
function jsonNarrator({ out }: CommandContext): Narrator {
  let step = 0;
  const say = (line: JsonObject) => Effect.runPromise(out(JSON.stringify(line)));
  return {
    step: (title) => say({ step: ++step, title }),
    said: (text) => say({ said: text }),
    exchange: (request, { status, position }, shown) =>
      say({ request, status, ...(position === undefined ? {} : { position }), shown }),
  };
}

function narrator(context: CommandContext): Narrator {
  if (context.json) return jsonNarrator(context);
  const { out } = context;
  let steps = 0;
  const say = (line: string) => Effect.runPromise(out(line));
  return {
    step: async (title) => {
      steps += 1;
      await say(`\n${steps}. ${title}`);
    },
    said: (text) => say(`   ${text}`),
    exchange: async (request, { status, position }, shown) => {
      const at = position === undefined ? "" : `  position ${position}`;
      await say(`   ${request} → ${status}${at}`);
      if (Object.keys(shown).length > 0) await say(`     ${JSON.stringify(shown)}`);
    },
  };
}
