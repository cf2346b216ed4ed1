import { z } from "zod";
import { CLIENT_ID } from "../../domain/client/mod.ts";

/** One that we made is a UUID; one from the operator's file is what they call it. */
export const ClientId = z.string().regex(CLIENT_ID);
export const ByClientId = z.strictObject({ id: ClientId });
