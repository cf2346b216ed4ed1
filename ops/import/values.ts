/** Below it a number is seconds since 1970, above it milliseconds: the year 5138, and 1973. */
const SECONDS_MAX = 100_000_000_000;
const MS_PER_SECOND = 1_000;

/** A text that is there. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Databases keep truth as BOOLEAN, 0 and 1, or text. */
export function truthOf(value: unknown): boolean {
  return value === true || value === "true" || value === 1 || value === "1" || value === 1n;
}

/** A time of day that does not say where; without it a date is one in UTC by itself. */
const NO_ZONE = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/;

/**
 * A time as databases keep it: a date, RFC 3339, seconds or milliseconds. Without a zone it is in
 * UTC, as the programs write it that we import from, wherever this machine stands.
 */
export function timeOf(value: unknown): Date | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  const number = typeof value === "bigint" ? Number(value) : value;
  const time =
    typeof number === "number"
      ? new Date(number < SECONDS_MAX ? number * MS_PER_SECOND : number)
      : new Date(
          typeof number === "string" && NO_ZONE.test(number) ? `${number}Z` : (number as Date),
        );
  return Number.isNaN(time.getTime()) ? undefined : time;
}
