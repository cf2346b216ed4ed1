import { hasRoute } from "../ask.ts";
import type { Visit } from "../visit.ts";

/** Which ways in this server has open for a person at the door. */
export type Doors = {
  readonly signUp: boolean;
  readonly magicLink: boolean;
  readonly reset: boolean;
  /** Mail is kept here to be read: a development server. */
  readonly devMail: boolean;
};

type Methods = {
  readonly signUp?: string;
  readonly magicLink?: boolean;
  readonly passwordReset?: boolean;
};

export async function doorsOf(visit: Visit): Promise<Doors> {
  const known = hasRoute("GET /v1/methods")
    ? await visit.ask<Methods>("GET /v1/methods")
    : undefined;
  const methods: Methods = known?.ok === true ? known.body : {};
  return {
    signUp: visit.settings.signUp === "open",
    magicLink: hasRoute("POST /v1/magic-link") && methods.magicLink !== false,
    reset: hasRoute("POST /v1/password/reset") && methods.passwordReset !== false,
    devMail: mailIsHere(visit),
  };
}

/** Whether mails go nowhere but to a page of this server, which a development server does. */
export function mailIsHere({ settings }: Visit): boolean {
  return hasRoute("GET /dev/mail") && settings.mail === "mailbox";
}
