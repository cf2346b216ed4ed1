import * as Effect from "effect/Effect";
import { Ledgers } from "../../adapters/ports/ledger.ts";
import { readModels } from "../../projections/catalogue.ts";
import type { CommandContext, Run } from "../command.ts";
import { NAME_COLUMNS } from "../name-columns.ts";
import { positionOption } from "../position-option.ts";
import type { StoreServices } from "../store.ts";
import { usageError } from "../usage-error.ts";
import { checkClaims } from "../verify/check-claims.ts";
import { checkIds } from "../verify/check-ids.ts";
import { type CheckedLedger, checkLedger } from "../verify/check-ledger.ts";
import { checkModel } from "../verify/check-model.ts";
import type { Problem } from "../verify/problem.ts";
import { type Standing, standings } from "../verify/standing.ts";

/** Enough of a digest to compare by eye. */
const DIGEST_CHARACTERS = 16;

const LEDGERS = ["identity", "activity"] as const;

/**
 * Re-hashes both ledgers, folds every read model anew, and lists what does not agree; 1 if anything
 * does not. From a later position on only the entries are checked: a fold needs them all.
 */
export const run: Run<StoreServices> = Effect.fnUntraced(function* (context, given) {
  const from = (yield* positionOption(given, "from")) ?? 1;
  const problems: Array<Problem> = [];
  const report = (problem: Problem) =>
    Effect.suspend(() => {
      problems.push(problem);
      return context.out(context.json ? JSON.stringify(problem) : problemLine(problem));
    });
  const head = yield* (yield* Ledgers).identity.head;
  if (from > Math.max(head.position, 1)) {
    return yield* usageError(`Cannot verify from ${from}: the ledger ends at ${head.position}`);
  }
  const models = from === 1 ? yield* standings(readModels) : [];
  const checked: Array<CheckedLedger> = [];
  for (const ledger of LEDGERS) {
    const result = yield* checkLedger({
      ledger,
      // The option is a position of identity; activity ages and is short.
      from: ledger === "identity" ? from : 1,
      models: models.filter(({ model }) => model.ledger === ledger),
      report,
      progress: (done, total) => context.progress(done, total, `events of ${ledger}`),
    });
    yield* checkIds(ledger, report);
    checked.push(result);
    if (!context.json) yield* context.out(ledgerLine(result));
  }
  for (const standing of models) {
    const { version } = standing.model;
    const before = problems.length;
    const mine = standing.version === version;
    if (mine) yield* checkModel(standing, report);
    if (context.json || problems.length > before) continue;
    yield* context.out(mine ? modelLine(standing) : otherVersion(standing));
  }
  yield* checkClaims(models, report);
  yield* summary(context, checked, problems.length);
  return problems.length === 0 ? 0 : 1;
});

const summary = (
  context: CommandContext,
  ledgers: ReadonlyArray<CheckedLedger>,
  problems: number,
) => {
  const events = ledgers.reduce((sum, ledger) => sum + ledger.events, 0);
  const root = ledgers.find(({ ledger }) => ledger === "identity")?.root;
  if (context.json) return context.out(JSON.stringify({ events, root, ledgers, problems }));
  const counted = problems === 1 ? "1 problem" : `${problems} problems`;
  return context.out(`${events} events, root ${root ?? "not computed"}, ${counted}`);
};

function ledgerLine({ ledger, events, root }: CheckedLedger): string {
  return `${ledger.padEnd(NAME_COLUMNS)}${events} events, root ${root ?? "not computed: --from"}`;
}

function modelLine({ model, fold }: Standing): string {
  const rows = [...fold.rows.values()].filter(({ row }) => row !== undefined).length;
  const digest = fold.digest().slice(0, DIGEST_CHARACTERS);
  return `${model.name.padEnd(NAME_COLUMNS)}${rows} rows, digest ${digest}, equal to a fresh fold`;
}

function otherVersion({ model, version }: Standing): string {
  const wanted = `this program's is version ${model.version}`;
  return `${model.name.padEnd(NAME_COLUMNS)}not compared: built as version ${version}, ${wanted}`;
}

function problemLine({ ledger, position, problem }: Problem): string {
  return `${ledger} position ${position}: ${problem}`;
}
