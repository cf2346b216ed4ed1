import { z } from "zod";

/** A token is 43 characters; what is longer is not even looked up. */
const TOKEN_MAX = 128;

/** The token of a mailed link, in a body; which purpose it is good for, the route says. */
export const OneTimeToken = z.string().min(1).max(TOKEN_MAX);
