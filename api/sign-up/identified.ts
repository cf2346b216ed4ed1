import { claimOwner, emailOwner, usernameClaim } from "./claims.ts";
import { normaliseEmail } from "./email-address.ts";
import { normaliseUsername } from "./username.ts";

/** Claimed by nobody, ever: looked up when what was typed is neither, so that it costs the same. */
const NOTHING = "";

/** Whose e-mail address or username it is; an address holds an @, a username never does. */
export const identified = (identifier: string) => {
  const typed = identifier.trim().normalize("NFKC");
  return typed.includes("@")
    ? emailOwner(normaliseEmail(identifier) ?? NOTHING)
    : claimOwner(usernameClaim(normaliseUsername(typed) ?? NOTHING));
};
