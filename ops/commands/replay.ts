import * as Effect from "effect/Effect";
import { codecs } from "../../adapters/codec/catalogue.ts";
import { Ledgers, READ_LIMIT_MAX } from "../../adapters/ports/ledger.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import { viewEvents } from "../../api/ledger/event-view.ts";
import type { LedgerName } from "../../domain/ledger/entry.ts";
import { readModels } from "../../projections/catalogue.ts";
import type { CommandArguments, CommandContext, Run } from "../command.ts";
import { findUser } from "../find-user.ts";
import { nearestName } from "../nearest-name.ts";
import { momentOption, positionOption } from "../position-option.ts";
import { FORMATS, type Format, formatted } from "../replay/format.ts";
import { openedRow } from "../replay/opened-row.ts";
import type { StoreServices } from "../store.ts";
import { usageError } from "../usage-error.ts";

/** What "as of" waits for a projection that is behind. */
const REACH_DEADLINE_MS = 30_000;

/** Prints events in order, or with `--as-of` one row as it was. */
export const run: Run<StoreServices> = (context, given) => {
  const { "as-of": moment, "read-model": model, key } = given.values;
  if (moment !== undefined) return asOf(context, given);
  if (model === undefined && key === undefined) return history(context, given);
  return usageError("Cannot replay a row without a moment: expected --as-of POSITION|TIME");
};

const asOf = Effect.fnUntraced(function* (context: CommandContext, given: CommandArguments) {
  const { "read-model": name, key } = given.values;
  const model = readModels.find((candidate) => candidate.name === name);
  if (model === undefined || typeof key !== "string") {
    const names = readModels.map((candidate) => candidate.name).join(", ");
    return yield* usageError(`Cannot replay a row: expected --read-model (${names}) and --key`);
  }
  const position = (yield* momentOption(given, "as-of")) ?? 1;
  const id = model.name === "users" ? yield* findUser(key) : key;
  const { reach, asOf: rowAt } = yield* ReadModels;
  yield* reach(model.name, position, REACH_DEADLINE_MS);
  const row = yield* rowAt(model.name, id, position);
  if (row === undefined) {
    yield* context.err(`There was no ${model.name} row "${id}" at position ${position}`);
    return 1 as const;
  }
  const shown = yield* openedRow(model, row.row);
  yield* context.out(JSON.stringify(shown, null, context.json ? 0 : 2));
  return 0 as const;
});

const history = Effect.fnUntraced(function* (context: CommandContext, given: CommandArguments) {
  const format = yield* formatOf(context, given);
  const ledger = yield* ledgerOf(given);
  const type = yield* typeOf(given);
  const to = (yield* momentOption(given, "to")) ?? Number.MAX_SAFE_INTEGER;
  const next = yield* source(ledger, given);
  const print = formatted(format, context.config.url);
  let printed = 0;
  for (;;) {
    const records = yield* next();
    const wanted = records.filter(
      (record) => record.position <= to && (type === undefined || record.type === type),
    );
    const views = yield* viewEvents(wanted);
    for (const view of views) {
      for (const line of print(view, printed === 0)) yield* context.out(line);
      printed += 1;
    }
    const last = records[records.length - 1];
    if (last === undefined || last.position >= to) return 0 as const;
  }
});

/** Answers page after page, ascending; an empty page is the end. */
const source = Effect.fnUntraced(function* (ledgerName: LedgerName, given: CommandArguments) {
  const ledger = (yield* Ledgers)[ledgerName];
  const models = yield* ReadModels;
  let from = (yield* positionOption(given, "from")) ?? 1;
  const { user, stream } = given.values;
  if (typeof user === "string") {
    const id = yield* findUser(user);
    const positions = yield* allPositions(models, id);
    if (positions.length === 0) return yield* usageError("Cannot find a user with that id");
    const wanted = positions.filter((position) => position >= from);
    return () => ledger.at(wanted.splice(0, READ_LIMIT_MAX));
  }
  if (typeof stream === "string") {
    const first = from;
    const [any] = yield* ledger.read({ stream, limit: 1 });
    if (any === undefined) return yield* usageError(`Cannot find the stream "${stream}"`);
    let revision = 0;
    return () =>
      Effect.gen(function* () {
        const page = yield* ledger.read({ stream, from: revision });
        revision += page.length;
        return page.filter(({ position }) => position >= first);
      });
  }
  return () =>
    Effect.tap(ledger.read({ from }), (page) =>
      Effect.sync(() => {
        from = (page[page.length - 1]?.position ?? from) + 1;
      }),
    );
});

/** Positions of the events about one user, ascending. */
const allPositions = Effect.fnUntraced(function* (models: ReadModels["Service"], id: string) {
  const newestFirst: Array<number> = [];
  for (;;) {
    const before = newestFirst[newestFirst.length - 1];
    const page = yield* models.history("users", id, {
      limit: READ_LIMIT_MAX,
      ...(before === undefined ? {} : { before }),
    });
    newestFirst.push(...page);
    if (page.length < READ_LIMIT_MAX) return newestFirst.reverse();
  }
});

const formatOf = Effect.fnUntraced(function* (
  context: CommandContext,
  { values: { format } }: CommandArguments,
) {
  if (format === undefined) return context.json ? "ndjson" : "table";
  const known = FORMATS.find((name) => name === format);
  if (known !== undefined) return known satisfies Format;
  return yield* usageError(`Cannot use --format ${format}: expected ${FORMATS.join(", ")}`);
});

const typeOf = Effect.fnUntraced(function* ({ values: { type } }: CommandArguments) {
  const types = codecs.flatMap(({ shapes }) => shapes.map((shape) => shape.type));
  if (typeof type !== "string" || types.includes(type)) return type;
  const nearest = nearestName(type, types);
  const known = nearest === undefined ? "there is no such event" : `did you mean ${nearest}?`;
  return yield* usageError(`Cannot use --type ${type}: ${known}`);
});

const ledgerOf = Effect.fnUntraced(function* ({ values: { ledger } }: CommandArguments) {
  if (ledger === undefined || ledger === "identity") return "identity" as const;
  if (ledger === "activity") return "activity" as const;
  return yield* usageError(`Cannot use --ledger ${ledger}: expected identity or activity`);
});
