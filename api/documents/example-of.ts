import type { Json, JsonObject } from "../../domain/json.ts";

/** What a member of our bodies looks like when somebody fills it in. */
const BY_NAME: Readonly<Record<string, Json>> = {
  email: "ada@example.com",
  identifier: "ada@example.com",
  username: "ada",
  password: "a long enough passphrase",
  current: "a long enough passphrase",
  name: "Ada",
  image: "https://example.com/ada.png",
  locale: "en",
  timezone: "Europe/London",
  bio: "Counts things",
  phone: "+44 20 7946 0000",
  address: "12 St James's Square, London",
  roles: ["user"],
  role: "user",
  reason: "asked for by support",
  until: "2030-01-01T00:00:00Z",
  description: "Answers questions",
  object: "order:1",
  relation: "owner",
  subject: "user:1",
  cause: "order-1",
  redirectTo: "/",
  cursor: Buffer.from(JSON.stringify(["order:1", "owner"])).toString("base64url"),
};
const ID = "2f9887ed-9170-4331-872c-b7f08be4dd75";
const TIME = "2030-01-01T00:00:00Z";
const TOKEN = "the-token-that-you-were-given";

type Schema = {
  readonly type?: string | ReadonlyArray<string>;
  readonly const?: Json;
  readonly enum?: ReadonlyArray<Json>;
  readonly anyOf?: ReadonlyArray<JsonObject>;
  readonly oneOf?: ReadonlyArray<JsonObject>;
  readonly properties?: Readonly<Record<string, JsonObject>>;
  readonly required?: ReadonlyArray<string>;
  readonly items?: JsonObject;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly format?: string;
  readonly pattern?: string;
};

/** A value that a JSON Schema of ours takes, as a reader would write it; optional members too. */
export function exampleOf(schema: JsonObject, name = ""): Json {
  const { const: only, enum: values, anyOf, oneOf, properties, items } = schema as Schema;
  const type = [(schema as Schema).type ?? []].flat()[0];
  if (only !== undefined) return only;
  if (values?.[0] !== undefined) return values[0];
  const fitting = BY_NAME[name];
  if (fitting !== undefined && fits(fitting, type, schema as Schema)) return fitting;
  const alternative = anyOf?.[0] ?? oneOf?.[0];
  if (alternative !== undefined) return exampleOf(alternative, name);
  switch (type) {
    case "object":
      return Object.fromEntries(
        Object.entries(properties ?? {}).map(([member, of]) => [member, exampleOf(of, member)]),
      );
    case "array":
      return items === undefined ? [] : [exampleOf(items, name)];
    case "integer":
    case "number":
      return (schema as Schema).minimum ?? 1;
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return textOf(schema as Schema, name);
  }
}

function fits(value: Json, type: string | undefined, { pattern }: Schema): boolean {
  if (typeof value === "string" && pattern !== undefined && !new RegExp(pattern, "u").test(value)) {
    return false;
  }
  return type === undefined || type === (Array.isArray(value) ? "array" : typeof value);
}

function textOf({ format, pattern = "" }: Schema, name: string): string {
  if (
    format === "uuid" ||
    name === "id" ||
    name.endsWith("Id") ||
    pattern.startsWith("^[0-9a-f]{8}-")
  ) {
    return ID;
  }
  if (format === "date-time") return TIME;
  if (name.toLowerCase().endsWith("token")) return TOKEN;
  return "text";
}
