import * as Effect from "effect/Effect";
import { Sealer } from "../../adapters/ports/sealer.ts";
import type { Sealed } from "../../domain/sealed.ts";
import { refuse } from "../http/problem.ts";

/** The local part alone, if it is long enough to be tried as a password. */
const LOCAL_PART = /^(.{8,})@/u;

/** Whether a password is its owner's own normalised address, or what stands before the @. */
export function isOwnAddress(password: string, email: string): boolean {
  const given = password.trim().normalize("NFKC").toLowerCase();
  return given === email || given === LOCAL_PART.exec(email)?.[1];
}

/**
 * Refuses a chosen password that whoever knows the address would try first.
 *
 * Errors: 400 invalid_field `password`.
 */
export const refuseOwnAddress = (password: string, email: string | Sealed | undefined) =>
  Effect.gen(function* () {
    const address = typeof email === "object" ? yield* opened(email) : email;
    if (address !== undefined && isOwnAddress(password, address)) {
      return yield* refuse(400, "invalid_field", { field: "password" });
    }
  });

const opened = (sealed: Sealed) =>
  Effect.gen(function* () {
    const value = { ledger: "identity", field: "user.email", sealed } as const;
    const [address] = yield* (yield* Sealer).open([value]);
    return address;
  });
