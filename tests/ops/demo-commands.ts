import * as Context from "effect/Context";
import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import type { Command, Run } from "../../ops/command.ts";
import { usageError } from "../../ops/usage-error.ts";

/** What stands for a store in the tests of the command line. */
export class Place extends Context.Service<Place, { readonly name: string }>()("tests/Place") {}

export const placeNamed = (name: string) => Layer.succeed(Place, { name });

/** Says where it runs and with what, reports progress, ends with the status that was asked for. */
const where: Run<Place> = (context, { values, positionals }) =>
  Effect.gen(function* () {
    const place = yield* Place;
    context.progress(1, 2, "steps");
    yield* context.out(`${place.name} ${JSON.stringify(values)} ${positionals.join(",")}`);
    yield* context.err(`json ${context.json}`);
    return values["no"] === true ? 1 : 0;
  });

const lines: Run<Place> = (context, { values }) =>
  Effect.gen(function* () {
    for (let line = 1; line <= Number(values["count"]); line++) {
      yield* context.out(`line ${line} ${"x".repeat(200)}`);
    }
    return 0 as const;
  });

const refuse: Run<Place> = () => Effect.fail(usageError("Cannot find position 7: the head is 3"));
const breakDown: Run<Place> = () => Effect.die(new Error("secret detail"));
const wait: Run<Place> = (context) => Effect.andThen(context.out("waiting"), Effect.never);

const of = (run: Run<Place>) => ({ store: true, load: async () => ({ run }) }) as const;

export const demoCommands: ReadonlyArray<Command<Place>> = [
  {
    name: "where",
    summary: "says where it runs",
    options: {
      no: { type: "boolean", about: "answer no" },
      from: { type: "string", value: "POSITION", about: "the first position" },
    },
    positionals: "[NAME…]",
    ...of(where),
  },
  {
    name: "lines",
    summary: "writes lines",
    options: { count: { type: "string", value: "N", about: "how many" } },
    ...of(lines),
  },
  { name: "refuse", summary: "refuses", options: {}, ...of(refuse) },
  { name: "break", summary: "has a defect", options: {}, ...of(breakDown) },
  { name: "wait", summary: "waits until it is stopped", options: {}, ...of(wait) },
  {
    name: "serve",
    summary: "waits without a store",
    options: {},
    untilStopped: true,
    store: false,
    load: async () => ({ run: () => Effect.never }),
  },
];
