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
  const known = await visit.ask<Methods>("GET /v1/methods");
  const methods: Methods = known.ok ? known.body : {};
  return {
    signUp: visit.settings.signUp === "open",
    magicLink: methods.magicLink !== false,
    reset: methods.passwordReset !== false,
    devMail: mailIsHere(visit),
  };
}

/** Whether mails go nowhere but to a page of this server, which a development server does. */
export function mailIsHere({ settings }: Visit): boolean {
  return settings.mail === "mailbox";
}
