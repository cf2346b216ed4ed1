import * as Effect from "effect/Effect";
import * as Layer from "effect/Layer";
import { Database, type Session } from "./database.ts";

/** Characters of a statement shown: enough to tell it from the others. */
const STATEMENT_MAX = 2_000;

/**
 * A database whose statements are spans, where something is traced that causes them: the text as it
 * stands in our files, never what is bound to it.
 */
export const tracedDatabase = <E, R>(
  database: Layer.Layer<Database, E, R>,
): Layer.Layer<Database, E, R> =>
  Layer.effect(
    Database,
    Effect.map(Database, (plain) => ({
      ...plain,
      ...tracedSession(plain),
      transaction: (use) =>
        within(
          "transaction",
          {},
          plain.transaction((session) => use(tracedSession(session))),
        ),
    })),
  ).pipe(Layer.provide(database));

function tracedSession({ query }: Session): Session {
  return {
    query: (statement, parameters) =>
      within(
        nameOf(statement),
        {
          "db.system.name": "postgresql",
          "db.query.text": statement.replaceAll(/\s+/g, " ").slice(0, STATEMENT_MAX),
        },
        query(statement, parameters),
      ),
  };
}

/** What runs behind requests has no span, and its statements have none either. */
const within = <A, E>(
  name: string,
  attributes: Readonly<Record<string, string>>,
  work: Effect.Effect<A, E>,
): Effect.Effect<A, E> =>
  Effect.matchEffect(Effect.currentParentSpan, {
    onFailure: () => work,
    onSuccess: () => Effect.withSpan(work, name, { kind: "client", attributes }),
  });

/** `SELECT authledger.append_identity`: what it does, and to what first. */
function nameOf(statement: string): string {
  const verb = /^\s*(\w+)/.exec(statement)?.[1] ?? "statement";
  const table = /authledger\.(\w+)/.exec(statement)?.[1];
  return table === undefined ? verb : `${verb} authledger.${table}`;
}
