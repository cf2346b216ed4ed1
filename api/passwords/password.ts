import { z } from "zod";
import { isCommonPassword } from "./common-passwords.ts";

/** NIST SP 800-63B section 3.1.1.2: at least 8; a cap only so that hashing stays bounded. */
const CHARACTERS_MIN = 8;
const CHARACTERS_MAX = 128;

/** A password as it is typed at sign-in: one form for all keyboards (SP 800-63B: NFKC). */
export const GivenPassword = z
  .string()
  .min(1)
  .refine((password) => [...password].length <= CHARACTERS_MAX)
  .transform((password) => password.normalize("NFKC"))
  .meta({ minLength: 1, maxLength: CHARACTERS_MAX });

/** A password that somebody chooses: any characters, long enough, not one that everybody tries. */
export const ChosenPassword = z
  .string()
  .refine((password) => [...password.normalize("NFKC")].length >= CHARACTERS_MIN)
  .refine((password) => [...password].length <= CHARACTERS_MAX)
  .refine((password) => !isCommonPassword(password))
  .transform((password) => password.normalize("NFKC"))
  .meta({ minLength: CHARACTERS_MIN, maxLength: CHARACTERS_MAX });
