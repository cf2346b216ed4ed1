import { z } from "zod";

export const USERNAME_MIN = 3;
export const USERNAME_MAX = 32;

/** ASCII, so that no two look alike; letters or digits at both ends, and no `@`: no address. */
const USERNAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])$/;

/**
 * One spelling per username: lower case. Undefined when it is none. What a person typed is kept
 * beside it, to be shown.
 */
export function normaliseUsername(input: string): string | undefined {
  const { length } = input;
  if (length < USERNAME_MIN || length > USERNAME_MAX || !USERNAME.test(input)) return undefined;
  return input.toLowerCase();
}

/** A username in a body, as it was typed. */
export const Username = z.string().min(USERNAME_MIN).max(USERNAME_MAX).regex(USERNAME);
