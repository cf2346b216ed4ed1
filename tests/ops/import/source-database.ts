import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ownPostgres } from "../../support/databases.ts";
import { connectTo } from "../../support/spare-databases.ts";
import { SCHEMAS } from "./schemas.ts";

export type Engine = "sqlite" | "postgres";
type Row = Readonly<Record<string, string | number | boolean | Date | null>>;

/** Another program's database with rows of ours in it. */
export type SourceDatabase = {
  /** What `--from` takes. */
  readonly from: string;
  readonly insert: (table: string, rows: ReadonlyArray<Row>) => Promise<void>;
  readonly close: () => Promise<void>;
};

const ROWS_AT_ONCE = 500;

export async function sourceDatabase(
  program: keyof typeof SCHEMAS,
  engine: Engine,
  folder: string,
): Promise<SourceDatabase> {
  const schema = SCHEMAS[program][engine];
  if (engine === "sqlite") {
    const file = join(folder, `${program}.db`);
    const database = new DatabaseSync(file);
    for (const statement of schema) database.exec(statement);
    return {
      from: file,
      insert: async (table, rows) => {
        database.exec("BEGIN");
        for (const row of rows) {
          const [columns, marks] = columnsOf(row, () => "?");
          const values = Object.values(row).map((value) =>
            typeof value === "boolean" ? Number(value) : asSqlite(value, program),
          );
          database.prepare(`INSERT INTO "${table}" (${columns}) VALUES (${marks})`).run(...values);
        }
        database.exec("COMMIT");
      },
      close: async () => database.close(),
    };
  }
  const own = await ownPostgres();
  const client = await connectTo(own.url);
  for (const statement of schema) await client.query(statement);
  return {
    from: own.url,
    insert: async (table, rows) => {
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
        const page = rows.slice(at, at + ROWS_AT_ONCE);
        const [columns = ""] = columnsOf(page[0] ?? {}, () => "");
        let parameter = 0;
        const marks = page.map((row) => `(${columnsOf(row, () => `$${++parameter}`)[1]})`);
        const values = page.flatMap((row) => Object.values(row));
        await client.query(`INSERT INTO "${table}" (${columns}) VALUES ${marks.join(",")}`, values);
      }
    },
    close: async () => {
      await client.end();
      await own.drop();
    },
  };
}

/** Better Auth writes times as text, Drizzle's adapter of Auth.js as milliseconds. */
function asSqlite(value: string | number | Date | null, program: keyof typeof SCHEMAS) {
  if (!(value instanceof Date)) return value;
  return program === "authjs" ? value.getTime() : value.toISOString();
}

function columnsOf(row: Row, mark: () => string): readonly [string, string] {
  const names = Object.keys(row);
  return [names.map((name) => `"${name}"`).join(", "), names.map(mark).join(", ")];
}
