import { z } from "zod";
import { parsePosition } from "./positions.ts";

/** Items of a page at most, and when the caller does not say. */
export const PAGE_MAX = 200;
export const PAGE_DEFAULT = 50;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** Something to see, and nothing that ends a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const LINE = /^(?=.*\S)[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/;

/** An id that we gave out; in a path, any other text is simply not found. */
export const Id = z.string().regex(UUID);
export const ById = z.strictObject({ id: Id });

/** One line of text: not blank, without control characters. */
export function text(charactersMax: number) {
  return z
    .string()
    .min(1)
    .max(charactersMax)
    .refine((value) => LINE.test(value))
    .meta({ pattern: LINE.source });
}

/** A whole number in a query. */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER) {
  return z
    .string()
    .regex(/^(?:0|[1-9]\d{0,15})$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max);
}

export const limit = whole(1, PAGE_MAX).exactOptional();
/** From `nextCursor` of the page before. */
export const cursor = z
  .string()
  .regex(/^[\w-]{1,1024}$/)
  .refine(isPlace)
  .exactOptional();

/** Whether a page can have given it out: where its last item stands in the order. */
function isPlace(given: string): boolean {
  const bytes = Buffer.from(given, "base64url");
  if (bytes.toString("base64url") !== given) return false;
  try {
    const place: unknown = JSON.parse(bytes.toString("utf8"));
    return Array.isArray(place) && place.length === PLACE_PARTS && place.every(isPart);
  } catch {
    return false;
  }
}
const PLACE_PARTS = 2;

/** What a TEXT holds. */
function isPart(part: unknown): boolean {
  return typeof part === "string" && !part.includes("\0");
}

/** A cursor that is a position. */
export const positionCursor = z
  .string()
  .refine((value) => parsePosition(value) !== undefined)
  .transform(Number)
  .exactOptional();

/** RFC 3339 with any offset; our answers are in UTC with milliseconds. */
export const time = z.iso.datetime({ offset: true });

/** `{ items, nextCursor? }`. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().exactOptional() });
}
