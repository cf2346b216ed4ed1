import { expect } from "vitest";
import type { MailTemplate } from "../../domain/mail/mod.ts";
import type { Ask, World } from "../api/world.ts";
import { mailbox, mailTo, tokenIn } from "./mailbox.ts";

/** The token of the mail that a request causes. */
export async function tokenBy(
  w: World,
  to: { readonly email: string; readonly template: MailTemplate },
  request: () => Promise<unknown>,
): Promise<string> {
  const after = (await mailbox(w)).map(({ id }) => id);
  await request();
  return tokenIn(await mailTo(w, to.email, { template: to.template, after }));
}

/** Asks for a magic link and reads it. */
export const magicLink = (w: World, email: string, asked: Ask & { redirectTo?: string } = {}) =>
  tokenBy(w, { email, template: "magic-link" }, async () => {
    const { redirectTo, ...rest } = asked;
    const body = { email, ...(redirectTo === undefined ? {} : { redirectTo }) };
    const heard = await w.ask("POST", "/v1/magic-link", { ...rest, body });
    expect(heard.status).toBe(202);
  });

export const redeem = (w: World, token: string, asked: Ask = {}) =>
  w.ask("POST", "/v1/magic-link/redeem", { ...asked, body: { token } });

/** Asks for a reset and reads its link. */
export const resetLink = (w: World, email: string) =>
  tokenBy(w, { email, template: "reset" }, async () => {
    expect((await w.ask("POST", "/v1/password/reset", { body: { email } })).status).toBe(202);
  });

export const completeReset = (w: World, token: string, password: string) =>
  w.ask("POST", "/v1/password/reset/complete", { body: { token, password } });

/** Asks for another address and reads the mail to it. */
export const changeLink = (w: World, cookie: string | undefined, email: string) =>
  tokenBy(w, { email, template: "email-change" }, async () => {
    const heard = await w.ask("PUT", "/v1/me/email", { cookie, body: { email } });
    expect(heard.status).toBe(202);
  });

/** Signs somebody up and reads the mail that asks them to prove their address. */
export const unproved = async (w: World, name: string) => {
  const email = `${name}-${crypto.randomUUID()}@example.org`;
  let cookie = "";
  let id = "";
  const password = "correct horse battery";
  const token = await tokenBy(w, { email, template: "verification" }, async () => {
    const heard = await w.ask("POST", "/v1/sign-up", { body: { email, password } });
    expect(heard.status).toBe(201);
    cookie = String(heard.cookie);
    id = String(heard.json.user.id);
  });
  return { email, id, cookie, password, token };
};

export const verify = (w: World, token: string, asked: Ask & { password?: string } = {}) => {
  const { password, ...rest } = asked;
  const body = { token, ...(password === undefined ? {} : { password }) };
  return w.ask("POST", "/v1/email/verify", { ...rest, body });
};

/** Status and code of an answer. */
export const said = ({ status, json }: { readonly status: number; readonly json: unknown }) => {
  const code = (json as { readonly code?: string } | undefined)?.code;
  return code === undefined ? [status] : [status, code];
};
