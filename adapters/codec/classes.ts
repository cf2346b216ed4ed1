import { z } from "zod";

/** A personal value inside a type's data; `*` stands for every element of a list. */
export type SealedField = { readonly path: ReadonlyArray<string>; readonly field: string };

type Schema = {
  readonly type?: string;
  readonly class?: string;
  readonly field?: string;
  readonly enum?: ReadonlyArray<unknown>;
  readonly const?: unknown;
  readonly properties?: { readonly [member: string]: Schema };
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
  readonly anyOf?: ReadonlyArray<Schema>;
};

/** The strings of a stored shape, by what they say of themselves. */
export type Classes = {
  readonly sealed: ReadonlyArray<SealedField>;
  /** Where text could be that nobody vouched for; the catalogue test wants none. */
  readonly unclassified: ReadonlyArray<string>;
};

/** Walks the JSON Schema of a shape, so that what is checked is what the catalogue publishes. */
export function classesOf(data: z.ZodType): Classes {
  const sealed: Array<SealedField> = [];
  const unclassified: Array<string> = [];
  const visit = (schema: Schema, path: ReadonlyArray<string>): void => {
    if (schema.class === "sealed" && schema.field !== undefined) {
      sealed.push({ path, field: schema.field });
    } else if (schema.anyOf !== undefined) {
      for (const choice of schema.anyOf) visit(choice, path);
    } else if (schema.type === "object" && schema.additionalProperties === false) {
      for (const [member, inner] of Object.entries(schema.properties ?? {})) {
        visit(inner, [...path, member]);
      }
    } else if (schema.type === "array" && schema.items !== undefined) {
      visit(schema.items, [...path, "*"]);
    } else if (!isVouchedFor(schema)) {
      unclassified.push(path.join("."));
    }
  };
  visit(z.toJSONSchema(data) as Schema, []);
  return { sealed, unclassified };
}

/**
 * Structural text, a closed choice, or no text at all. Open objects and unknown values are none of
 * these.
 */
function isVouchedFor({ type, class: ofText, enum: choices, const: only }: Schema): boolean {
  if (choices !== undefined || only !== undefined) return true;
  if (type === "string") return ofText === "structural";
  return type === "boolean" || type === "integer" || type === "number" || type === "null";
}
