import * as Effect from "effect/Effect";
import { importedBetterAuth, importedPhc } from "../../adapters/argon2/imported-hash.ts";
import { ReadModels } from "../../adapters/ports/read-models.ts";
import type { RoleDefinitionRow } from "../../projections/role-definitions.ts";
import type { CommandArguments, CommandContext, Run } from "../command.ts";
import { type Checking, checkedUser } from "../import/checked-user.ts";
import { derivedId } from "../import/derived-id.ts";
import { type Importing, importUser } from "../import/import-user.ts";
import { mappingFile } from "../import/mapping-file.ts";
import { openTables } from "../import/open-tables.ts";
import { previewUser } from "../import/preview-user.ts";
import { roleMapping } from "../import/role-mapping.ts";
import type { ImportSource, Key, SourceUser } from "../import/source-user.ts";
import { DIALECTS, importSource } from "../import/sources.ts";
import { count, emptyTally, linesOf, refuse, type Tally } from "../import/tally.ts";
import type { StoreServices } from "../store.ts";
import { usageError } from "../usage-error.ts";

/** Appends at once: a flush takes so many, and on a slow disk they all wait for one. */
const AT_ONCE = 256;
/** What the read models may be behind when everything is appended. */
const REACH_DEADLINE_MS = 600_000;
const PAGE = 200;

/**
 * Brings the users of another program into the ledger; 1 if some could not come. Doing it again
 * brings those who are new there.
 */
export const run: Run<StoreServices> = (context, given) =>
  Effect.scoped(
    Effect.gen(function* () {
      const { source, from } = yield* askedOf(given);
      const dialect = DIALECTS[source];
      if (dialect === undefined) return yield* unknownSource(source);
      const tables = yield* openTables(from, context.folder);
      const people = yield* importSource(tables, dialect);
      const defined = yield* definedRoles;
      const checking: Checking = {
        roles: yield* roleMapping(given.values["roles"], defined),
        defined,
        stored: source === "better-auth" ? importedBetterAuth : importedPhc,
        now: new Date(),
      };
      const importing: Importing = { source, correlation: crypto.randomUUID(), defined };
      const dryRun = given.values["dry-run"] === true;
      return yield* bring({ context, people, checking, importing, dryRun });
    }),
  );

type Work = {
  readonly context: CommandContext;
  readonly people: ImportSource;
  readonly checking: Checking;
  readonly importing: Importing;
  readonly dryRun: boolean;
};

const bring = Effect.fnUntraced(function* (work: Work) {
  const { context, people, importing, dryRun } = work;
  const { source } = importing;
  const total = yield* people.count;
  const begun = performance.now();
  const tally = emptyTally();
  const wanted = new Map<string, string>();
  const mapping = mappingFile(context.config.dataFolder, source, dryRun);
  let position = 0;
  const one = (person: SourceUser) =>
    Effect.gen(function* () {
      const checked = checkedUser(person, work.checking);
      tally.users += 1;
      if (typeof checked === "string") return yield* told(context, tally, person.id, checked);
      const became = dryRun
        ? yield* previewUser(checked, source, wanted)
        : yield* importUser(checked, importing);
      if (became.outcome === "imported") position = Math.max(position, became.position);
      const { userId } = derivedId(source, person.id);
      if (became.outcome !== "taken" && userId !== person.id) {
        tally.mapped += 1;
        mapping.note(person.id, userId);
      }
      const reason = count(tally, checked, became);
      if (reason !== undefined) yield* told(context, tally, person.id, reason);
    });
  let after: Key | undefined;
  for (;;) {
    const page = yield* people.page(after);
    if (page.users.length === 0) break;
    // A preview is in order, so that of two with one address it is the second who is refused.
    yield* Effect.forEach(page.users, one, { concurrency: dryRun ? 1 : AT_ONCE, discard: true });
    after = page.last;
    mapping.flush();
    context.progress(tally.users, total, "users");
  }
  if (position > 0) yield* (yield* ReadModels).reach("users", position, REACH_DEADLINE_MS);
  const seconds = (performance.now() - begun) / 1_000;
  const file = tally.mapped === 0 || dryRun ? undefined : mapping.path;
  if (context.json) {
    yield* context.out(JSON.stringify({ source, dryRun, ...tally, seconds, mappingFile: file }));
  } else {
    for (const line of linesOf(tally, seconds, dryRun)) yield* context.out(line);
    if (file !== undefined) yield* context.out(`${tally.mapped} ids are others here: see ${file}`);
  }
  return tally.refused === 0 ? 0 : 1;
});

const told = (context: CommandContext, tally: Tally, id: string, reason: string) => {
  refuse(tally, reason);
  return context.out(context.json ? JSON.stringify({ user: id, reason }) : `${id}: ${reason}`);
};

const askedOf = Effect.fnUntraced(function* ({ values, positionals }: CommandArguments) {
  const [source, ...more] = positionals;
  const names = Object.keys(DIALECTS).join(" or ");
  if (source === undefined || more.length > 0) {
    return yield* usageError(`Cannot import: expected one source, ${names}`);
  }
  const { from } = values;
  if (typeof from === "string") return { source, from };
  return yield* usageError("Cannot import without --from: expected a postgres:// URL or a file");
});

const unknownSource = (source: string) =>
  usageError(`Cannot import from "${source}": expected ${Object.keys(DIALECTS).join(" or ")}`);

/** Roles that this installation has beside the built-in ones. */
const definedRoles = Effect.gen(function* () {
  const { list } = yield* ReadModels;
  const names: Array<string> = [];
  let cursor: string | undefined;
  do {
    const page = yield* list("role_definitions", {
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    names.push(...page.items.map(({ row }) => (row as RoleDefinitionRow).name));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return names;
});
